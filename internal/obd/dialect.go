package obd

// Dialect says in which family of services the vehicle's emission diagnosis was read. All give the same Scan.
type Dialect string

// The dialects.
const (
	DialectJ1979   Dialect = "j1979"    // SAE J1979 / ISO 15031-5: services 01 to 0A
	DialectOBDUDS  Dialect = "obdonuds" // SAE J1979-2: services 14, 19, 22 and 31 of ISO 14229-1
	DialectWWHOBD  Dialect = "wwh-obd"  // ISO 27145: the same services, with severity and class of UN GTR No. 5
	DialectJ1939   Dialect = "j1939"    // SAE J1939-73: diagnostic messages DM1 to DM57
	DialectUDSOnly Dialect = "uds"      // ISO 14229-1 without an emission system, as electric cars have
)
