package simulator

// profile is how one make of adapter behaves.
type profile struct {
	id       string // answer to AT I
	device   string // answer to AT @1
	stn      string // answer to STI; "" = ST commands are not known
	vt       bool   // vLinker VT commands
	version  int    // command set, times ten: 15 or 22
	buffer   int    // bytes of output that it can hold back
	longest  int    // hexadecimal digits of a request that it takes
	noH1     bool   // ATH1 says OK and does nothing
	noATZ    bool   // the first ATZ is not understood
	dropATZ  bool   // ATZ ends the connection
	cut      int    // requests are cut to so many hexadecimal digits
	noDigit  bool   // the count digit is read as data
	lacks    []string
	nul      bool // NUL bytes and junk in the text
	padded   bool // headers off prints the padding
	echoes   bool // ATE0 says OK and does nothing
	noisy    bool // Bluetooth module text, and replies that lag one command
	freezes  int  // hangs at a reply of so many frames
	resets   int  // resets by itself (LV RESET) after so many requests
	stopTwin bool // STOPPED is followed by a second prompt
}

// profiles are the values of the option "adapter".
var profiles = map[string]profile{
	"elm327-v2.2":       {id: "ELM327 v2.2", device: "OBDII to RS232 Interpreter", version: 22, buffer: 512, longest: 16},
	"elm327-v1.5":       {id: "ELM327 v1.5", device: "OBDII to RS232 Interpreter", version: 15, buffer: 256, longest: 16},
	"clone-no-h1":       clone(func(p *profile) { p.noH1 = true }),
	"clone-rejects-atz": clone(func(p *profile) { p.noATZ = true }),
	"clone-drops-on-atz": clone(func(p *profile) {
		p.dropATZ = true
	}),
	"clone-short":       clone(func(p *profile) { p.cut = 6 }),
	"clone-no-digit":    clone(func(p *profile) { p.noDigit = true }),
	"clone-no-al":       clone(func(p *profile) { p.lacks = []string{"AL", "CRA", "CF", "CM", "FC", "AT", "CFC", "CEA", "ST"} }),
	"clone-nul":         clone(func(p *profile) { p.nul = true }),
	"clone-padding":     clone(func(p *profile) { p.padded = true }),
	"clone-echo-always": clone(func(p *profile) { p.echoes = true }),
	"clone-lagging":     clone(func(p *profile) { p.noisy = true }),
	"clone-freeze":      clone(func(p *profile) { p.freezes = 4 }),
	"clone-buffer-full": clone(func(p *profile) { p.buffer = 48 }),
	"lv-reset":          clone(func(p *profile) { p.resets = 12 }),
	"stn2120": {id: "ELM327 v1.4b", device: "SCANTOOL.NET LLC", stn: "STN2120 v5.6.19", version: 22,
		buffer: 4096, longest: 2 * 4095},
	"vlinker": {id: "ELM327 v2.3", device: "OBDII to RS232 Interpreter", stn: "STN2120 v5.6.5", vt: true, version: 22,
		buffer: 2048, longest: 2 * 256},
}

// clone is the usual copy, which claims a version that never was, with one fault.
func clone(fault func(*profile)) profile {
	p := profile{id: "ELM327 v1.5", device: "OBDII to RS232 Interpreter", version: 15, buffer: 256, longest: 16, stopTwin: true}
	fault(&p)
	return p
}
