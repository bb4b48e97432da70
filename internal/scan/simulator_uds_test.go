package scan_test

import "strconv"

// udsECU is what a scenario says of an ECU that speaks ISO 14229-1 and nothing else.
type udsECU struct {
	Only, OBD bool
	Codes     []struct {
		Code, Status string
		Permanent    bool
		Freeze       *struct{ PIDs string }
		Snapshot     map[string]string
	}
}

// facts are the lists that the codes stand in by their status (ISO 14229-1 annex D.2), their snapshots (00 by
// the emission laws, 01 by the maker), and the names of an ECU without an emission system.
func (u udsECU) facts(add func(kind string, values ...string), dids map[string]string) {
	if !u.Only {
		return
	}
	stored := uint64(0x08)
	if !u.OBD {
		stored |= 0x01
		add("vin", dids["F190"])
		add("name", dids["F197"])
		add("calid", dids["F188"])
	}
	for _, c := range u.Codes {
		status, _ := strconv.ParseUint(c.Status, 16, 8)
		code := c.Code[:5]
		if status&stored != 0 {
			add("stored", code)
		}
		if status&0x04 != 0 {
			add("pending", code)
		}
		if c.Permanent {
			add("permanent", code)
		}
		if c.Freeze != nil {
			add("freeze 0", code)
		}
		if len(c.Snapshot) > 0 {
			add("freeze 1", code)
		}
	}
}
