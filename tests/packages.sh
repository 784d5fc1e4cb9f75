#!/bin/sh
# Install the Debian packages named that are missing.  A machine that has them is not asked for anything.
missing=""
for package in "$@"; do
	case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
	*"ok installed") ;;
	*) missing="$missing $package" ;;
	esac
done
[ -z "$missing" ] && exit 0
echo "pccm: installing Debian packages:$missing"
as_root=""
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "pccm: these packages are missing and neither root nor sudo is at hand; as root run: apt-get install$missing" >&2
		exit 3
	fi
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! $as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1; then
	$as_root apt-get update -qq || exit 3
	$as_root apt-get install -y --no-install-recommends $missing || {
		echo "pccm: could not install$missing" >&2
		exit 3
	}
fi
