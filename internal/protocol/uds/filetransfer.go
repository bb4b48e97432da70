package uds

import "github.com/fleetms/obdctl/internal/obd"

// RequestFileTransfer moves files to and from an ECU. As with the other services of programming there is
// no request of it here.
const RequestFileTransfer obd.Service = 0x38

// The modes of operation of service 38 (annex G.1).
const (
	AddFile     = 0x01
	DeleteFile  = 0x02
	ReplaceFile = 0x03
	ReadFile    = 0x04
	ReadDir     = 0x05
	ResumeFile  = 0x06 // since the edition of 2020
)

const filePosition = 8 // bytes of the position at which a file is resumed

// FileTransfer is the reply to service 38. What the mode does not have is empty.
type FileTransfer struct {
	Mode         byte  `json:"mode"`
	LengthFormat byte  `json:"length_format,omitempty"` // bytes of MaxBlock
	MaxBlock     Hex   `json:"max_block,omitempty"`
	DataFormat   *byte `json:"data_format,omitempty"` // compression and encryption
	Size         Hex   `json:"size,omitempty"`        // of a file without compression, or of a folder's list
	Compressed   Hex   `json:"compressed,omitempty"`  // size of a file as it is sent
	Position     Hex   `json:"position,omitempty"`    // at which a file is resumed
}

func (a *answer) fileTransfer() any {
	f := &FileTransfer{Mode: a.byte()}
	if len(a.request) > 1 {
		a.same("mode", uint32(a.request[1]), uint32(f.Mode))
	}
	if f.Mode == DeleteFile || a.short {
		return f
	}
	f.LengthFormat = a.byte()
	f.MaxBlock = a.counted(f.LengthFormat)
	a.dataFormat(f)
	switch f.Mode {
	case AddFile, ReplaceFile:
	case ReadFile:
		n := int(a.uint16())
		f.Size, f.Compressed = Hex(a.take(n)), Hex(a.take(n))
	case ReadDir:
		f.Size = a.block()
	case ResumeFile:
		f.Position = Hex(a.take(filePosition))
	default:
		if !a.short {
			a.problem, a.open = "the mode is not one of ISO 14229-1", true
		}
	}
	return f
}

// dataFormat takes the dataFormatIdentifier: the request's again, and 00 where a folder is read.
func (a *answer) dataFormat(f *FileTransfer) {
	b := a.byte()
	if a.short {
		return
	}
	f.DataFormat = &b
	asked := reader{data: a.request[min(2, len(a.request)):]}
	asked.block() // the path
	switch want := asked.byte(); {
	case f.Mode == ReadDir && b != 0:
		a.problem = "a folder's list has data format 00"
	case f.Mode != ReadDir && !asked.short:
		a.same("data format", uint32(want), uint32(b))
	}
}
