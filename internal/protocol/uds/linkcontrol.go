package uds

// The control types of service 87 (table 171).
const (
	VerifyFixedRate    = 0x01
	VerifySpecificRate = 0x02
	TransitionRate     = 0x03
)

// ControlLink asks to go to another bit rate (service 87): first verify, then [TransitionRate].
func ControlLink(control byte, rate ...byte) []byte {
	return append([]byte{byte(LinkControl), control}, rate...)
}
