package simulator

import "fmt"

// fill turns the text of the scenario into bytes.
func (spec *ecuSpec) fill(e *ecu) error {
	for key, text := range spec.Constants {
		var pid hexID
		if err := pid.UnmarshalText([]byte(key)); err != nil || pid > 0xFF {
			return fmt.Errorf("constant %q is not a PID", key)
		}
		b, err := hexBytes(text)
		if err != nil || len(b) == 0 || len(b) > 64 {
			return fmt.Errorf("constant %s: want 1 to 64 hexadecimal bytes", key)
		}
		e.constants[byte(pid)] = b
	}
	for key, text := range spec.DIDs {
		var did hexID
		if err := did.UnmarshalText([]byte(key)); err != nil || did > 0xFFFF {
			return fmt.Errorf("did %q is not an identifier", key)
		}
		e.dids[uint16(did)] = []byte(text)
		if len(text) > 2 && text[:2] == "0x" {
			b, err := hexBytes(text[2:])
			if err != nil {
				return fmt.Errorf("did %s: %w", key, err)
			}
			e.dids[uint16(did)] = b
		}
		if len(text) > 1024 {
			return fmt.Errorf("did %s: more than 1024 bytes", key)
		}
	}
	return spec.fillUDS(e)
}

// fillUDS takes over what the ECU knows of ISO 14229-1.
func (spec *ecuSpec) fillUDS(e *ecu) error {
	u := spec.UDS
	if u == nil {
		return nil
	}
	for key, l := range u.Live {
		did, _ := identifier(key) // checked
		e.live[did] = l
	}
	for key, text := range u.Routines {
		id, _ := identifier(key)
		e.routines[id], _ = hexBytes(text)
	}
	for i := range u.Codes {
		code := &u.Codes[i]
		b, _ := udsCodeBytes(code.Code)
		e.memory = append(e.memory, memory{spec: code, bytes: b, status: byte(code.Status)})
	}
	return nil
}
