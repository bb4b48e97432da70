package j1939

// PGNDM4 holds the freeze frames with a fixed set of parameters.
const PGNDM4 = 65229 // FECD

// Basic is the fixed part of a DM4 frame (SAE J1939-73, 5.7.4).
type Basic struct {
	TorqueMode  uint8    // SPN 899, four bits
	Boost       Quantity // SPN 102, kPa
	Speed       Quantity // SPN 190, 1/min
	Load        Quantity // SPN 92, %
	Coolant     Quantity // SPN 110, Cel
	VehicleSpd  Quantity // SPN 84, km/h
	MakersBytes []byte
}

// Basic reads the data of a DM4 frame.
func (f Frame) Basic() (Basic, error) {
	d := f.Data
	if len(d) < 8 {
		return Basic{}, short("DM4", d, 8)
	}
	b := Basic{TorqueMode: d[0] & 0xF, Boost: quantity(d[1:2], 2), Speed: quantity(d[2:4], 0.125), Load: quantity(d[4:5], 1),
		Coolant: quantity(d[5:6], 1), VehicleSpd: quantity(d[6:8], 1.0/256), MakersBytes: d[8:]}
	if b.Coolant.Indicator == Valid {
		b.Coolant.Value -= 40
	}
	return b, nil
}
