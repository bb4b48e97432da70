package uds

// The control types of service 28 (table 54).
const (
	EnableBoth      = 0x00
	EnableRxOnly    = 0x01
	EnableTxOnly    = 0x02
	DisableBoth     = 0x03
	EnhancedDisable = 0x04 // with the number of a node
	EnhancedEnable  = 0x05
)

// The communication types of service 28 (annex B.1), lower two bits.
const (
	NormalMessages         = 0x01
	NetworkManagement      = 0x02
	NormalAndNetwork       = 0x03
	ThisNetwork       byte = 0xF0 // upper four bits: only the network that the request came by
)

// ControlCommunication asks an ECU to stop or to resume sending or receiving (service 28); the two enhanced
// types take the number of a node of two bytes behind.
func ControlCommunication(control, messages byte, node ...byte) []byte {
	return append([]byte{byte(Communication), control, messages}, node...)
}
