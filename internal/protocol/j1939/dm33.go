package j1939

// PGNDM33 holds how long emission increasing auxiliary control devices were active.
const PGNDM33 = 41216 // A100

const timerBytes = 9

// Timer is how long one emission increasing auxiliary control device was active, in minutes.
type Timer struct {
	Number uint8    `json:"number"`
	First  Quantity `json:"first"`  // engine hours timers 1 and 2, minutes
	Second Quantity `json:"second"` // engine hours timers 1 and 2, minutes
}

// ParseDM33 reads DM33.
func ParseDM33(data []byte) ([]Timer, error) {
	var out []Timer
	for ; len(data) >= timerBytes; data = data[timerBytes:] {
		out = append(out, Timer{Number: data[0], First: quantity(data[1:5], 1), Second: quantity(data[5:9], 1)})
	}
	if len(data) > 0 && data[0] != 0xFF {
		return out, short("DM33", data, timerBytes)
	}
	return out, nil
}

// DM33Bytes returns the message.
func DM33Bytes(list []Timer) []byte {
	var out []byte
	for _, t := range list {
		b := make([]byte, timerBytes)
		b[0] = t.Number
		t.First.put(b[1:5])
		t.Second.put(b[5:9])
		out = append(out, b...)
	}
	return out
}
