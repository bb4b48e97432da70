package uds

// Groups of codes for service 14 (annex D.1).
const (
	AllGroups      = 0xFFFFFF
	EmissionsGroup = 0xFFFF33 // emissions-related systems of SAE J1979-2 and ISO 27145
)

// Clear asks to erase a group of codes or one code (service 14).
func Clear(group uint32) []byte {
	return []byte{byte(ClearInformation), byte(group >> 16), byte(group >> 8), byte(group)}
}

// ClearMemory is Clear in one of the user-defined memories.
func ClearMemory(group uint32, memory byte) []byte { return append(Clear(group), memory) }
