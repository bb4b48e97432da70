package uds

// The access types of service 83, which the edition of 2020 no longer has.
const (
	ReadExtendedTiming = 0x01
	DefaultTiming      = 0x02
	ReadActiveTiming   = 0x03
	SetTiming          = 0x04
)

// Timing reads or sets the timing parameters of a link (service 83).
func Timing(access byte, record ...byte) []byte {
	return append([]byte{byte(AccessTiming), access}, record...)
}

// TimingParameters is the reply to service 83; the record is the link's own.
type TimingParameters struct {
	Access byte `json:"access"`
	Record Hex  `json:"record,omitempty"`
}

func (a *answer) timing() any {
	t := &TimingParameters{Access: a.subFunction()}
	t.Record = a.rest()
	reads := a.asked() == ReadExtendedTiming || a.asked() == ReadActiveTiming
	switch {
	case reads && len(t.Record) == 0 && !a.short:
		a.short = true
	case !reads && len(t.Record) > 0 && !a.know.padding(t.Record):
		a.problem = "a record where none was asked for"
	}
	return t
}
