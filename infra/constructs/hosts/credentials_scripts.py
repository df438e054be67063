"""Lends the credentials of a machine outside AWS from one agent to the other.

The agent of Systems Manager gets temporary credentials for the machine's role and renews them in a
file; the CloudWatch agent there looks for a profile of another name and for a region. On EC2, where
both ask the instance, nothing is done. What somebody has configured stays.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Credentials-Preference.html
    - https://github.com/aws/amazon-ssm-agent#config-property-definitions
"""

from typing import Final

LEND_ON_LINUX: Final = """\
#!/bin/sh
set -e
case "$AWS_SSM_INSTANCE_ID" in mi-*) ;; *) exit 0 ;; esac
agent=/opt/aws/amazon-cloudwatch-agent/etc/common-config.toml
if ! grep -qs '^[[:blank:]]*\\[credentials\\]' "$agent"; then
  printf '[credentials]\\n  shared_credential_profile = "default"\\n' >> "$agent"
  printf '  shared_credential_file = "/root/.aws/credentials"\\n' >> "$agent"
fi
if [ ! -e /root/.aws/config ]; then
  printf '[default]\\nregion = %s\\n' "$AWS_SSM_REGION_NAME" > /root/.aws/config
fi
"""

LEND_ON_WINDOWS: Final = """\
$ErrorActionPreference = 'Stop'
if ($env:AWS_SSM_INSTANCE_ID -notlike 'mi-*') { exit 0 }
$agent = "$env:ProgramData\\Amazon\\AmazonCloudWatchAgent\\common-config.toml"
$home_of_aws = "$env:USERPROFILE\\.aws"
if (-not (Select-String -Path $agent -Pattern '^\\s*\\[credentials\\]' -Quiet)) {
  Add-Content -Path $agent -Value '[credentials]'
  Add-Content -Path $agent -Value '  shared_credential_profile = "default"'
  Add-Content -Path $agent -Value "  shared_credential_file = '$home_of_aws\\credentials'"
}
if (-not (Test-Path "$home_of_aws\\config")) {
  Set-Content -Path "$home_of_aws\\config" -Value '[default]', "region = $env:AWS_SSM_REGION_NAME"
}
"""
