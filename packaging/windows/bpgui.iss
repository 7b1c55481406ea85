; Makes the installer for Windows with Inno Setup 6:
;
;     iscc /DVersion=0.1.0 packaging\windows\bpgui.iss
;
; from the program that `dev.py build` has left in dist, and puts it there. Paths are relative to this file.
;
; It needs no administrator: it installs for the user who runs it, or for all users if they may and ask.

#ifndef Version
  #error Say /DVersion=...
#endif

[Setup]
AppId={{9B6C1B0E-5E0F-4A57-8C0E-6B7C2C1E9D43}
AppName=bpgui
AppVersion={#Version}
AppPublisher=bpgui contributors
DefaultDirName={autopf}\bpgui
DefaultGroupName=bpgui
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
UninstallDisplayIcon={app}\bpgui.exe
OutputDir=..\..\dist
OutputBaseFilename=bpgui-{#Version}-windows-setup

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[Files]
Source: "..\..\dist\bpgui\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; files of an older version that this one does not have
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\bpgui"; Filename: "{app}\bpgui.exe"
Name: "{autodesktop}\bpgui"; Filename: "{app}\bpgui.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.bpgui"; ValueType: string; ValueData: "bpgui.preset"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.bpgui"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-bpgui-preset+json"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\bpgui.preset"; ValueType: string; ValueData: "bpgui preset"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\bpgui.preset\DefaultIcon"; ValueType: string; ValueData: "{app}\bpgui.exe,0"
Root: HKA; Subkey: "Software\Classes\bpgui.preset\shell\open\command"; ValueType: string; ValueData: """{app}\bpgui.exe"" ""%1"""

[Run]
Filename: "{app}\bpgui.exe"; Description: "{cm:LaunchProgram,bpgui}"; Flags: nowait postinstall skipifsilent
