package serial

// Chip is a USB serial converter as its hardware id tells it.
type Chip struct {
	VID, PID string
	Name     string
}

// chips lists the converters that OBD cables and adapters are built on. They sit in other things as
// well; only the product's own name tells an adapter for certain.
var chips = [...]Chip{
	{"1A86", "7523", "CH340"},
	{"1A86", "7522", "CH340K"},
	{"1A86", "5523", "CH341"},
	{"1A86", "55D4", "CH9102"},
	{"1A86", "55D3", "CH343"},
	{"0403", "6001", "FTDI FT232R"},
	{"0403", "6010", "FTDI FT2232"},
	{"0403", "6011", "FTDI FT4232"},
	{"0403", "6014", "FTDI FT232H"},
	{"0403", "6015", "FTDI FT230X/FT231X"},
	{"10C4", "EA60", "CP210x"},
	{"10C4", "EA70", "CP2105"},
	{"067B", "2303", "PL2303"},
	{"067B", "23A3", "PL2303G"},
	{"067B", "23C3", "PL2303GC"},
	{"0483", "5740", "STM32 virtual COM port"},
	{"04D8", "000A", "Microchip CDC"},
	{"04D8", "00DD", "MCP2200"},
}

func chip(vid, pid string) Chip {
	for _, c := range chips {
		if c.VID == vid && c.PID == pid {
			return c
		}
	}
	return Chip{}
}
