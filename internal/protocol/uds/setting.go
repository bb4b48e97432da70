package uds

// The settings of service 85 (table 128).
const (
	SettingOn  = 0x01
	SettingOff = 0x02
)

// SetDTCSetting switches the storing of codes on or off (service 85). It is on again after the session.
func SetDTCSetting(setting byte, record ...byte) []byte {
	return append([]byte{byte(DTCSetting), setting}, record...)
}
