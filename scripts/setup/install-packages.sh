#!/bin/sh
# Installs Debian packages as root without starting what they would start.
# Usage: install-packages.sh POLICY "UNIT..." PACKAGE...
#   POLICY   the file that invoke-rc.d asks whether a service may start: /usr/sbin/policy-rc.d on Debian.
#   UNIT...  services that the packages bring; they are masked, so that they do not start at the next boot either.
set -eu
policy=$1
units=$2
shift 2

mark='# Written by the set-up of mfa-server-kit; removed when it is through.'

# 101 means that nothing may be started. A file that is not ours stays as it is.
if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" > "$policy.new"
  chmod 755 "$policy.new"
  mv "$policy.new" "$policy"
fi

if [ -d /run/systemd/system ]; then
  for unit in $units; do
    # A service that is there belongs to the machine.
    systemctl cat "$unit.service" > /dev/null 2>&1 || systemctl mask "$unit.service"
  done
fi

export DEBIAN_FRONTEND=noninteractive
install() {
  apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold install -y --no-install-recommends "$@"
}
# Package lists may be missing or too old; then they are fetched and the installation is tried once more.
install "$@" || { apt-get -o DPkg::Lock::Timeout=600 update && install "$@"; }
