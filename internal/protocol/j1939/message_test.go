package j1939_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

func TestMessagesSayTheirFields(t *testing.T) {
	for _, c := range []struct {
		pgn    uint32
		method uint8
		data   string
		want   string
	}{
		{j1939.PGNDM1, 0, "44 0F 9A0C0405", `{"lamps":{"mil":"slow_flash","red_stop":"off","amber":"on","protect":"off"},"dtcs":[{"spn":3226,"fmi":4,"count":5,"method":4}]}`},
		{j1939.PGNDM2, 0, "00FF 00000000 FFFF", `{"lamps":{"mil":"off","red_stop":"off","amber":"off","protect":"off"},"dtcs":[]}`},
		{j1939.PGNDM6, 1, "00FF 0194 4481", `{"lamps":{"mil":"off","red_stop":"off","amber":"off","protect":"off"},"dtcs":[{"spn":3234,"fmi":4,"count":1,"method":1}]}`},
		{j1939.PGNDM6, 2, "00FF 9401 4481", `{"lamps":{"mil":"off","red_stop":"off","amber":"off","protect":"off"},"dtcs":[{"spn":3234,"fmi":4,"count":1,"method":2}]}`},
		{j1939.PGNDM6, 0, "00FF A20C 0481", `{"lamps":{"mil":"off","red_stop":"off","amber":"off","protect":"off"},"dtcs":[{"spn":3234,"fmi":4,"count":1,"method":3}]}`},
		{j1939.PGNDM4, 0, "0C 9A0C0402 0125D0253A7F0054", `[{"dtc":{"spn":3226,"fmi":4,"count":2,"method":4},"data":"0125D0253A7F0054"}]`},
		{j1939.PGNDM7, 0, "F7 6E001F FFFFFFFF", `{"test":247,"spn":110,"fmi":31}`},
		{j1939.PGNDM19, 0, "C7912A5E 43414C44313330303431372D30330000", `[{"cvn":1579848135,"id":"CALD1300417-03"}]`},
		// The three highest bits of a number stand at the lower end here: 5322, and 458752 + 5322.
		{j1939.PGNDM20, 0, "B404 FEFF CA14F8 D300 FFFF CA14FF 0100 0200", `{"ignitions":1204,"conditions":"not available","ratios":[{"spn":5322,"numerator":211,"denominator":"not available"},{"spn":464074,"numerator":1,"denominator":2}]}`},
		{j1939.PGNDM21, 0, "5800 300C 5100 E60A", `{"distance_mil":88,"distance_cleared":3120,"minutes_mil":81,"minutes_cleared":2790}`},
		{j1939.PGNDM22, 0, "13 01 FFFFFF 6E0010", `{"control":19,"indicator":1,"spn":110,"fmi":16}`},
		{j1939.PGNDM24, 0, "6E00 18 01", `[{"spn":110,"freeze":true,"stream":true,"test":true,"rationality":false,"length":1}]`},
		{j1939.PGNDM29, 0, "01 FE FF 02 03 FFFFFF", `{"pending":1,"all_pending":"error","mil_on":"not available","previous_mil_on":2,"permanent":3}`},
		{j1939.PGNDM30, 0, "F7 9A0C04 2201 00FB 00FB 00FB", `[{"test":247,"spn":3226,"fmi":4,"slot":290,"value":64256,"max":64256,"min":64256,"verdict":"not complete"}]`},
		{j1939.PGNDM31, 0, "9A0C0405 4000", `[{"dtc":{"spn":3226,"fmi":4,"count":5,"method":4},"lamps":{"mil":"slow_flash","red_stop":"off","amber":"off","protect":"off"}}]`},
		{j1939.PGNDM32, 0, "9A0C04 0A00 FFFF 04", `[{"spn":3226,"fmi":4,"active":2,"previously":"not available","until_derate":1}]`},
		{j1939.PGNDM33, 0, "01 2C010000 FFFFFFFF", `[{"number":1,"first":300,"second":"not available"}]`},
		{j1939.PGNDM34, 0, "47 FF", `{"nox":{"control":"inside","carve_out":"outside","deficiency":"inside"},"pm":{"control":"not available","carve_out":"not available","deficiency":"not available"}}`},
		{j1939.PGNVehicleID, 0, "314D382A", `{"vin":"1M8"}`},
		{j1939.PGNComponentID, 0, "412A422A432A", `{"make":"A","model":"B","serial":"C","unit":""}`},
		{j1939.PGNSoftwareID, 0, "01 53312A", `["S1"]`},
		{j1939.PGNRequest, 0, "CAFE00", `{"pgn":65226}`},
		{j1939.PGNAcknowledge, 0, "01 FF FFFF F9 CAFE00", `{"control":1,"function":255,"address":249,"pgn":65226}`},
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(c.data, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		fields, err := j1939.Message(c.pgn, data, c.method)
		got, jerr := json.Marshal(fields)
		if err != nil || jerr != nil || string(got) != c.want {
			t.Errorf("%d %s: %v, %v\n got %s\nwant %s", c.pgn, c.data, err, jerr, got, c.want)
		}
	}
}

func TestShortMessagesAreTold(t *testing.T) {
	for _, pgn := range []uint32{
		j1939.PGNDM1, j1939.PGNDM5, j1939.PGNDM7, j1939.PGNDM19, j1939.PGNDM20, j1939.PGNDM21, j1939.PGNDM22, j1939.PGNDM24, j1939.PGNDM26, j1939.PGNDM29,
		j1939.PGNDM30, j1939.PGNDM32, j1939.PGNDM33, j1939.PGNDM34, j1939.PGNRequest, j1939.PGNAcknowledge, j1939.PGNAddressClaim, j1939.PGNEngineHours,
	} {
		if _, err := j1939.Message(pgn, []byte{1}, 0); !errors.Is(err, j1939.ErrShort) {
			t.Errorf("%d: %v", pgn, err)
		}
	}
	if fields, err := j1939.Message(61444, []byte{1}, 0); fields != nil || err != nil {
		t.Errorf("a group of parameters: %v, %v", fields, err)
	}
}
