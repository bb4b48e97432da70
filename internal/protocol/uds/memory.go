package uds

import "github.com/fleetms/obdctl/internal/obd"

// The services that read and write memory by its address. This package builds no request of theirs: what
// stands in a memory is known to its maker alone. A recording holds them, so their replies are read.
const (
	ReadMemory  obd.Service = 0x23
	WriteMemory obd.Service = 0x3D
)

// MemoryBlock is the reply to service 23.
type MemoryBlock struct {
	Data Hex `json:"data"`
}

// MemoryWritten is the reply to service 3D: it repeats where was written, and how much.
type MemoryWritten struct {
	Format  byte `json:"format"` // addressAndLengthFormatIdentifier (annex H)
	Address Hex  `json:"address"`
	Size    Hex  `json:"size"`
}

// place takes an addressAndLengthFormatIdentifier, the address and the size of a memory (annex H.1): the
// low digit counts the bytes of the address, the high one those of the size.
func (r *reader) place() MemoryWritten {
	m := MemoryWritten{Format: r.byte()}
	m.Address = Hex(r.take(int(m.Format & 0x0F)))
	m.Size = Hex(r.take(int(m.Format >> 4)))
	return m
}

// number reads bytes as one number, the most significant first; ok is false beyond 63 bits.
func number(b []byte) (n int64, ok bool) {
	for _, c := range b {
		if n>>55 != 0 {
			return 0, false
		}
		n = n<<8 | int64(c)
	}
	return n, true
}

func (a *answer) memory() any {
	m := &MemoryBlock{}
	asked := reader{data: a.request[1:]}
	size, ok := number(asked.place().Size)
	if asked.short || len(a.request) < 2 || !ok {
		m.Data = a.rest()
		return m
	}
	if int64(len(a.data)) < size {
		m.Data, a.short = a.rest(), true
		return m
	}
	m.Data = Hex(a.take(int(size)))
	if !a.know.padding(a.data) {
		m.Data = append(m.Data, a.rest()...)
		a.same("size", uint32(size), uint32(len(m.Data)))
	}
	return m
}

func (a *answer) memoryWritten() any {
	m := a.place()
	asked := reader{data: a.request[1:]}
	want := asked.place()
	if asked.short || len(a.request) < 2 {
		return &m
	}
	a.same("memory format", uint32(want.Format), uint32(m.Format))
	if m.Address.String() != want.Address.String() && a.stray == "" && !a.short {
		a.stray = "address " + want.Address.String() + " was asked, " + m.Address.String() + " answered"
	}
	if m.Size.String() != want.Size.String() && a.stray == "" && !a.short {
		a.stray = "size " + want.Size.String() + " was asked, " + m.Size.String() + " answered"
	}
	return &m
}
