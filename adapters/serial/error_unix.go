//go:build !windows

package serial

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

const missingHint = "is the adapter plugged in? obdctl adapter list shows the ports that are there; " +
	"macOS needs the maker's driver for some CH340, CP210x and FTDI chips"

func busyHint(device string) string {
	return fmt.Sprintf("close the program that has it open (fuser -v %s tells which; ModemManager is a usual one)", device)
}

// permissionHint says which group owns the device and how to join it.
func permissionHint(device string) string {
	info, err := os.Stat(device)
	if err != nil {
		return "ask the owner of this computer for access to " + device
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "ask the owner of this computer for access to " + device
	}
	return groupHint(device, info.Mode(), groupName(owner.Gid), runtime.GOOS)
}

func groupHint(device string, mode fs.FileMode, group, system string) string {
	switch {
	case mode.Perm()&0o060 != 0o060 || group == "root" || group == "0":
		return fmt.Sprintf("only its owner may use %s: add a udev rule that gives it to a group, or try sudo", device)
	case system == "linux":
		return fmt.Sprintf("%s belongs to the group %s: run  sudo usermod -aG %s $USER  and log in again", device, group, group)
	}
	return fmt.Sprintf("%s belongs to the group %s: add your account to it and log in again", device, group)
}

func groupName(gid uint32) string {
	number := strconv.FormatUint(uint64(gid), 10)
	if g, err := user.LookupGroupId(number); err == nil {
		return g.Name
	}
	return number
}

func isNoDevice(err error) bool {
	return errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ENXIO)
}

func isBusy(err error) bool { return errors.Is(err, syscall.EBUSY) }
