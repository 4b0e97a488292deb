# Registers the tasks of subctl, or replaces them; those that are no longer printed are taken away. With -Uninstall, all of them.
# In a PowerShell that was opened as administrator:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Uninstall]
param([switch]$Uninstall)
$ErrorActionPreference = 'Stop'
$folder = 'C:\Program Files\subctl\tasks'
$files = @()
if (-not $Uninstall) {
  New-Item -ItemType Directory -Force -Path $folder | Out-Null
  Copy-Item -Force -Path (Join-Path $PSScriptRoot 'subctl-task.cmd') -Destination $folder
  $files = @(Get-ChildItem -Path $PSScriptRoot -Filter 'subctl-*.xml')
}
$wanted = @($files | ForEach-Object { $_.BaseName -replace '^subctl-', '' })
foreach ($task in @(Get-ScheduledTask -TaskPath '\subctl\' -ErrorAction SilentlyContinue)) {
  if ($wanted -notcontains $task.TaskName) {
    $task | Unregister-ScheduledTask -Confirm:$false
    Write-Output "Removed \subctl\$($task.TaskName)"
  }
}
foreach ($file in $files) {
  $name = $file.BaseName -replace '^subctl-', ''
  $xml = Get-Content -Raw -Encoding Unicode -Path $file.FullName
  Register-ScheduledTask -TaskPath '\subctl\' -TaskName $name -Xml $xml -Force | Out-Null
  Write-Output "Registered \subctl\$name"
}
if ($Uninstall -and (Test-Path $folder)) { Remove-Item -Recurse -Force $folder }
