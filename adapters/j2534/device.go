package j2534

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Device is a driver that is installed: a key below PassThruSupport.04.04 of the registry.
type Device struct {
	Name    string
	Vendor  string
	Library string // path of the DLL
	Bits    int    // 32 or 64, of the programs that can load it
	CAN     bool   // it has raw CAN channels, as far as it says
}

// values are the values of a registry key by their names in lower case; numbers in decimal.
type values map[string]string

// deviceOf reads a key; false when it names no library.
func deviceOf(key string, v values, bits int) (Device, bool) {
	d := Device{
		Name: clean(cmp.Or(v["name"], key)), Vendor: clean(v["vendor"]), Library: v["functionlibrary"], Bits: bits,
		CAN: v["can"] != "0",
	}
	d.Library, _, _ = strings.Cut(d.Library, "\x00")
	d.Library = strings.Trim(strings.TrimSpace(d.Library), `"`)
	return d, d.Library != "" && d.Name != "" && len(d.Library) <= 1024
}

// Pick returns the device of a name, without regard to case; "auto" is the first that this program can
// load. Errors are of kind [errs.NoAdapter] or [errs.Unsupported] with a hint.
func Pick(all []Device, name string, bits int) (Device, error) {
	auto := name == "" || strings.EqualFold(name, "auto")
	fits := func(d Device) bool { return auto || strings.EqualFold(d.Name, name) }
	i := slices.IndexFunc(all, func(d Device) bool { return fits(d) && d.Bits == bits })
	if i >= 0 {
		return all[i], nil
	}
	if i = slices.IndexFunc(all, fits); i >= 0 {
		return Device{}, errs.New(errs.Unsupported, "the driver of %s has %d bits, this program has %d", all[i].Name, all[i].Bits, bits).
			WithHint("take the %d-bit build of obdctl for Windows; most makers' drivers have 32 bits", all[i].Bits)
	}
	if len(all) == 0 {
		return Device{}, errs.New(errs.NoAdapter, "no pass-thru driver is installed").WithHint("install the driver that came with the device (SAE J2534, API 04.04)")
	}
	names := make([]string, 0, len(all))
	for _, d := range all {
		names = append(names, d.Name)
	}
	return Device{}, errs.New(errs.NoAdapter, "no pass-thru driver is called %q", name).WithHint("installed are: %s", strings.Join(names, ", "))
}
