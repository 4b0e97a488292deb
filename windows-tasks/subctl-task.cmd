@echo off
rem Runs one task of subctl, for the Task Scheduler.
rem Written by: subctl schedule print windows
set "SUBCTL_DATABASE=external"
rem secrets, in files that only the account of the tasks may read
set "SUBCTL_DATABASE_URL_FILE=%ProgramData%\subctl\database-url"
"C:\Program Files\nodejs\node.exe" "C:\Program Files\subctl\node_modules\subctl\bin\subctl.js" %1 >nul
rem 8: another run is at work, so nothing was left undone
if %ERRORLEVEL% equ 8 exit /b 0
exit /b %ERRORLEVEL%
