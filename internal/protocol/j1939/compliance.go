package j1939

var compliances = map[uint8]string{
	1: "OBD II", 2: "OBD (US federal)", 3: "OBD and OBD II", 4: "OBD I", 5: "not meant to meet OBD", 6: "EOBD",
	7: "EOBD and OBD II", 8: "EOBD and OBD", 9: "EOBD, OBD and OBD II", 10: "JOBD", 11: "JOBD and OBD II",
	12: "JOBD and EOBD", 13: "JOBD, EOBD and OBD II", 14: "heavy duty Euro IV B1", 15: "heavy duty Euro V B2",
	16: "heavy duty Euro EEC C", 17: "EMD", 18: "EMD+", 19: "HD OBD-C", 20: "HD OBD", 21: "WWH OBD", 22: "OBD II (SI)",
	23: "HD EOBD", 25: "OBD-M (SI-SD/I)", 26: "Euro VI", 34: "OBD, OBD II and HD OBD", 35: "OBD, OBD II and HD OBD-C",
	254: "error", 255: "not available",
}

// ComplianceName says which rules of diagnosis a node was made for (SPN 1220).
func ComplianceName(n uint8) string {
	if s, ok := compliances[n]; ok {
		return s
	}
	return "reserved"
}
