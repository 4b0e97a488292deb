# Registers the tasks of subctl, or replaces them. In a PowerShell that was opened as administrator:
#   powershell -ExecutionPolicy Bypass -File install.ps1
# To take them away: Get-ScheduledTask -TaskPath '\subctl\' | Unregister-ScheduledTask -Confirm:$false
$ErrorActionPreference = 'Stop'
$folder = 'C:\Program Files\subctl\tasks'
New-Item -ItemType Directory -Force -Path $folder | Out-Null
Copy-Item -Force -Path (Join-Path $PSScriptRoot 'subctl-task.cmd') -Destination $folder
foreach ($file in Get-ChildItem -Path $PSScriptRoot -Filter 'subctl-*.xml') {
  $name = $file.BaseName -replace '^subctl-', ''
  $xml = Get-Content -Raw -Encoding Unicode -Path $file.FullName
  Register-ScheduledTask -TaskPath '\subctl\' -TaskName $name -Xml $xml -Force | Out-Null
  Write-Output "Registered \subctl\$name"
}
