package serial

import (
	"errors"

	"golang.org/x/sys/windows"
)

const missingHint = "is the adapter plugged in? obdctl adapter list shows the ports that are there; a port that " +
	"is missing needs the driver of its chip: CH340 (wch.cn), FTDI VCP (ftdichip.com) or CP210x (silabs.com)"

func busyHint(string) string {
	return "close the other program that uses it; for Bluetooth, take the outgoing COM port of the pair"
}

func permissionHint(device string) string { return busyHint(device) }

func isNoDevice(err error) bool {
	return errors.Is(err, windows.ERROR_FILE_NOT_FOUND) || errors.Is(err, windows.ERROR_DEV_NOT_EXIST)
}

func isBusy(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
}
