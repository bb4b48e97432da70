package j2534

import (
	"errors"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows/registry"

	"github.com/fleetms/obdctl/internal/errs"
)

// support is where drivers announce themselves (SAE J2534-1, 8.1).
const support = `SOFTWARE\PassThruSupport.04.04`

// ownBits is the width of this program.
const ownBits = 8 * int(unsafe.Sizeof(uintptr(0)))

// Devices lists the drivers that are installed, those that this program can load first.
func Devices() ([]Device, error) {
	views := []struct {
		bits int
		flag uint32
	}{{64, registry.WOW64_64KEY}, {32, registry.WOW64_32KEY}}
	if ownBits == 32 {
		views[0], views[1] = views[1], views[0]
	}
	var out []Device
	for _, v := range views {
		found, err := devicesIn(v.flag, v.bits)
		if err != nil {
			return nil, errs.New(errs.NoAdapter, "read the registry: %w", err)
		}
		for _, d := range found {
			if !contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// contains tells a driver that both views of the registry show, as on a Windows of 32 bits.
func contains(all []Device, d Device) bool {
	for _, other := range all {
		if strings.EqualFold(other.Library, d.Library) {
			return true
		}
	}
	return false
}

func devicesIn(view uint32, bits int) ([]Device, error) {
	root, err := registry.OpenKey(registry.LOCAL_MACHINE, support, registry.READ|view)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	names, err := root.ReadSubKeyNames(-1)
	if err != nil {
		return nil, err
	}
	var out []Device
	for _, name := range names {
		key, err := registry.OpenKey(root, name, registry.READ|view)
		if err != nil {
			continue // a broken driver does not hide the others
		}
		if d, ok := deviceOf(name, valuesOf(key), bits); ok {
			out = append(out, d)
		}
		_ = key.Close()
	}
	return out, nil
}

func valuesOf(key registry.Key) values {
	v := values{}
	names, _ := key.ReadValueNames(-1)
	for _, name := range names {
		if s, _, err := key.GetStringValue(name); err == nil {
			if expanded, err := registry.ExpandString(s); err == nil {
				s = expanded
			}
			v[strings.ToLower(name)] = s
			continue
		}
		if n, _, err := key.GetIntegerValue(name); err == nil {
			v[strings.ToLower(name)] = strconv.FormatUint(n, 10)
		}
	}
	return v
}

// Find returns the driver of a name; "auto" is the first that this program can load.
func Find(name string) (Device, error) {
	all, err := Devices()
	if err != nil {
		return Device{}, err
	}
	return Pick(all, name, ownBits)
}
