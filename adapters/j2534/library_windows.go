package j2534

import (
	"errors"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/fleetms/obdctl/internal/errs"
)

// The control codes of PassThruIoctl that are used.
const (
	ioctlSetConfig   = 2
	ioctlReadBattery = 3
)

// library is a driver's DLL.
type library struct {
	handle windows.Handle
	proc   map[string]uintptr
}

// Load loads the driver. Errors are of kind [errs.NoAdapter] or [errs.Unsupported] with a hint.
func Load(d Device) (Library, error) {
	handle, err := windows.LoadLibraryEx(d.Library, 0, windows.LOAD_WITH_ALTERED_SEARCH_PATH)
	if errors.Is(err, windows.ERROR_BAD_EXE_FORMAT) {
		return nil, errs.New(errs.Unsupported, "load %s: it is not made for programs of %d bits", d.Library, ownBits).
			WithHint("take the other build of obdctl for Windows: windows_386 for drivers of 32 bits, windows_amd64 for 64")
	}
	if err != nil {
		return nil, errs.New(errs.NoAdapter, "load %s: %w", d.Library, err).WithHint("install the driver of %s again", d.Name)
	}
	l := &library{handle: handle, proc: map[string]uintptr{}}
	for _, name := range []string{
		"Open", "Close", "Connect", "Disconnect", "ReadMsgs", "WriteMsgs", "StartMsgFilter", "StopMsgFilter", "Ioctl", "ReadVersion", "GetLastError",
	} {
		if l.proc[name], err = windows.GetProcAddress(handle, "PassThru"+name); err != nil {
			_ = windows.FreeLibrary(handle) // the first error is the one to tell
			return nil, errs.New(errs.Unsupported, "%s has no PassThru%s: %w", d.Library, name, err).
				WithHint("a driver with API 04.04 of SAE J2534 is needed")
		}
	}
	return l, nil
}

// call makes one call. What the arguments point to stays where it is meanwhile.
//
//go:uintptrescapes
func (l *library) call(name string, args ...uintptr) Status {
	r, _, _ := syscall.SyscallN(l.proc[name], args...)
	return Status(int32(r))
}

func (l *library) Open() (uint32, Status) {
	var device uint32
	s := l.call("Open", 0, uintptr(unsafe.Pointer(&device)))
	return device, s
}

func (l *library) Close(device uint32) Status { return l.call("Close", uintptr(device)) }

func (l *library) Connect(device, protocol, flags, baud uint32) (uint32, Status) {
	var channel uint32
	s := l.call("Connect", uintptr(device), uintptr(protocol), uintptr(flags), uintptr(baud), uintptr(unsafe.Pointer(&channel)))
	return channel, s
}

func (l *library) Disconnect(channel uint32) Status { return l.call("Disconnect", uintptr(channel)) }

func (l *library) Read(channel uint32, into []Message, wait time.Duration) (int, Status) {
	n := uint32(len(into))
	s := l.call("ReadMsgs", uintptr(channel), uintptr(unsafe.Pointer(&into[0])), uintptr(unsafe.Pointer(&n)), uintptr(wait.Milliseconds()))
	return int(n), s
}

func (l *library) Write(channel uint32, messages []Message, wait time.Duration) (int, Status) {
	n := uint32(len(messages))
	s := l.call("WriteMsgs", uintptr(channel), uintptr(unsafe.Pointer(&messages[0])), uintptr(unsafe.Pointer(&n)), uintptr(wait.Milliseconds()))
	return int(n), s
}

func (l *library) StartFilter(channel, kind uint32, mask, pattern *Message) (uint32, Status) {
	var filter uint32
	s := l.call("StartMsgFilter", uintptr(channel), uintptr(kind), uintptr(unsafe.Pointer(mask)), uintptr(unsafe.Pointer(pattern)), 0, uintptr(unsafe.Pointer(&filter)))
	return filter, s
}

func (l *library) StopFilter(channel, filter uint32) Status {
	return l.call("StopMsgFilter", uintptr(channel), uintptr(filter))
}

func (l *library) Configure(channel uint32, c []Config) Status {
	list := configList{Count: uint32(len(c)), Config: &c[0]}
	s := l.call("Ioctl", uintptr(channel), ioctlSetConfig, uintptr(unsafe.Pointer(&list)), 0)
	return s
}

func (l *library) Clear(channel, what uint32) Status {
	return l.call("Ioctl", uintptr(channel), uintptr(what), 0, 0)
}

func (l *library) Battery(device uint32) (uint32, Status) {
	var millivolts uint32
	s := l.call("Ioctl", uintptr(device), ioctlReadBattery, 0, uintptr(unsafe.Pointer(&millivolts)))
	return millivolts, s
}

// textSize is what drivers fill in: 80 bytes by the standard, and some write more.
const textSize = 512

func (l *library) Version(device uint32) (Version, Status) {
	var firmware, dll, api [textSize]byte
	s := l.call("ReadVersion", uintptr(device), uintptr(unsafe.Pointer(&firmware)), uintptr(unsafe.Pointer(&dll)), uintptr(unsafe.Pointer(&api)))
	return Version{string(firmware[:]), string(dll[:]), string(api[:])}, s
}

func (l *library) LastError() string {
	var text [textSize]byte
	if l.call("GetLastError", uintptr(unsafe.Pointer(&text))) != OK {
		return ""
	}
	return string(text[:])
}

func (l *library) Unload() error { return windows.FreeLibrary(l.handle) }
