package uds_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func bytesOf(t *testing.T, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// known are the lengths that the rows below count on.
var known = uds.Knowledge{
	Length: func(did uint16) int {
		switch did {
		case 0xF40C:
			return 2
		case 0xF40D, 0xF405:
			return 1
		}
		return -1
	},
	Extended: func(_ uint32, record byte) int {
		if record < 0x90 {
			return 2
		}
		return -1
	},
}

func TestRepliesSayTheirFields(t *testing.T) {
	for _, c := range []struct{ request, reply, want string }{
		{"1003", "5003 0032 01F4", `{"session":3,"p2":50000000,"p2_star":5000000000,"has_times":true}`},
		{"1001", "5001", `{"session":1,"has_times":false}`},
		{"1104", "5104 0A", `{"kind":4,"power_down_s":10}`},
		{"14FFFF33", "54", `{}`},
		{"190108", "5901 7F 04 0012", `{"sub_function":1,"status_availability_mask":127,"format":4,"count":18,"dtcs":[]}`},
		{"19020C", "5902 FF 030111 2F 000000 00", `{"sub_function":2,"status_availability_mask":255,"dtcs":[{"dtc":"030111","status":47}]}`},
		{"1903", "5903 030111 01 030111 02 420000 01", `{"sub_function":3,"dtcs":[{"dtc":"030111","snapshot_numbers":[1,2]},{"dtc":"420000","snapshot_numbers":[1]}]}`},
		{"1904030111FF", "5904 030111 2F 01 02 F40C 0C80 F40D 32 02 01 F405 7B",
			`{"sub_function":4,"dtcs":[{"dtc":"030111","status":47,"snapshots":[{"record":1,"items":[{"did":62476,"data":"0C80"},{"did":62477,"data":"32"}]},{"record":2,"items":[{"did":62469,"data":"7B"}]}]}]}`},
		{"190400010201", "5904 000102 08 01 01 1234 AABB", `{"sub_function":4,"dtcs":[{"dtc":"000102","status":8,"snapshots":[{"record":1,"items":[{"did":4660,"data":"AABB"}]}]}]}`},
		{"190502", "5905 02 030111 24 01 F40D 32", `{"sub_function":5,"dtcs":[{"dtc":"030111","status":36,"snapshots":[{"record":2,"items":[{"did":62477,"data":"32"}]}]}]}`},
		{"1906030111FF", "5906 030111 24 01 0102 02 0304", `{"sub_function":6,"dtcs":[{"dtc":"030111","status":36,"extended_data":[{"record":1,"data":"0102"},{"record":2,"data":"0304"}]}]}`},
		{"190840FF", "5908 FF 40 10 030111 2F", `{"sub_function":8,"status_availability_mask":255,"dtcs":[{"dtc":"030111","status":47,"severity":64,"functional_unit":16}]}`},
		{"1914", "5914 030111 7F 420000 80", `{"sub_function":20,"dtcs":[{"dtc":"030111","fault_detection_counter":127},{"dtc":"420000","fault_detection_counter":-128}]}`},
		{"191601", "5916 01 030111 2F 0A0B 420000 08 0C0D", `{"sub_function":22,"record":1,"dtcs":[{"dtc":"030111","status":47,"extended_data":[{"record":1,"data":"0A0B"}]},{"dtc":"420000","status":8,"extended_data":[{"record":1,"data":"0C0D"}]}]}`},
		{"1917FF10", "5917 10 FF 030111 2F", `{"sub_function":23,"status_availability_mask":255,"memory":16,"dtcs":[{"dtc":"030111","status":47}]}`},
		{"191803011101 10", "5918 10 030111 2F 01 01 F40D 32", `{"sub_function":24,"memory":16,"dtcs":[{"dtc":"030111","status":47,"snapshots":[{"record":1,"items":[{"did":62477,"data":"32"}]}]}]}`},
		{"191A 91", "591A FF 91 030111 2F", `{"sub_function":26,"status_availability_mask":255,"record":145,"dtcs":[{"dtc":"030111","status":47}]}`},
		{"194233 08 1E", "5942 33 FF FE 04 22 030111 2F", `{"sub_function":66,"status_availability_mask":255,"severity_availability_mask":254,"format":4,"functional_group":51,"dtcs":[{"dtc":"030111","status":47,"severity":34}]}`},
		{"195533", "5955 33 FF 04 030111 2F 420000 08", `{"sub_function":85,"status_availability_mask":255,"format":4,"functional_group":51,"dtcs":[{"dtc":"030111","status":47},{"dtc":"420000","status":8}]}`},
		{"195533", "5955 33 FF 04 22 030111 2F", `{"sub_function":85,"status_availability_mask":255,"format":4,"functional_group":51,"dtcs":[{"dtc":"030111","status":47,"severity":34}]}`},
		{"19563301", "5956 33 FF 04 01 030111 50", `{"sub_function":86,"status_availability_mask":255,"format":4,"functional_group":51,"readiness_group":1,"dtcs":[{"dtc":"030111","status":80}]}`},
		{"22F190", "62F190 414243", `{"items":[{"did":61840,"data":"414243"}]}`},
		{"22F40CF18CF40D", "62F40C 0C80 F18C 4142 F40D 32", `{"items":[{"did":62476,"data":"0C80"},{"did":61836,"data":"4142","unsplit":true},{"did":62477,"data":"32"}]}`},
		{"22F40CF40D", "62F40D 32 0000", `{"items":[{"did":62477,"data":"32"}]}`},
		{"24F40C", "64F40C 02 A0 13", `{"did":62476,"fields":[{"type":0,"length":2},{"type":10,"length":0,"extension":"13"}]}`},
		{"2701", "6701 DEADBEEF", `{"level":1,"seed":"DEADBEEF"}`},
		{"2702CAFE", "6702", `{"level":2}`},
		{"2903", "6903 12 0003 AABBCC", `{"task":3,"return":18,"session_key_info":"AABBCC"}`},
		{"2A0101", "6A", `{}`},
		{"2C01F2001234 0102", "6C01F200", `{"sub_function":1,"did":61952}`},
		{"2C03", "6C03", `{"sub_function":3}`},
		{"2EF19041", "6EF190", `{"did":61840}`},
		{"2F01550307", "6F0155 03 07", `{"did":341,"parameter":3,"state":"07"}`},
		{"31010203", "7101 0203 00", `{"control":1,"routine":515,"status":"00"}`},
		{"3E80", "7E00", `{"sub_function":0}`},
		{"8301", "C301 0102", `{"access":1,"record":"0102"}`},
		{"8502", "C502", `{"sub_function":2}`},
		{"8601020119 0E", "C601 00 02 01190E", `{"event":1,"count":0,"window":2,"record":"01190E"}`},
		{"870313", "C703", `{"sub_function":3}`},
		{"232420001000 0004", "63 01020304", `{"data":"01020304"}`},
		{"2312200002", "63 0102 0000", `{"data":"0102"}`},
		{"3400 44 00010000 00001000", "7420 0FA2", `{"length_format":32,"max_block":"0FA2"}`},
		{"3500 11 00 10", "7510 81", `{"length_format":16,"max_block":"81"}`},
		{"3601 AABB", "7601", `{"sequence":1}`},
		{"3602", "7602 CCDD", `{"sequence":2,"record":"CCDD"}`},
		{"37", "77", `{}`},
		{"3801 0003 612E62 10 01 05 04", "7801 02 0FA2 10", `{"mode":1,"length_format":2,"max_block":"0FA2","data_format":16}`},
		{"3802 0003 612E62", "7802", `{"mode":2}`},
		{"3804 0003 612E62 00", "7804 01 80 00 0002 0100 00C0", `{"mode":4,"length_format":1,"max_block":"80","data_format":0,"size":"0100","compressed":"00C0"}`},
		{"3805 0002 2F61", "7805 01 80 00 0001 20", `{"mode":5,"length_format":1,"max_block":"80","data_format":0,"size":"20"}`},
		{"3806 0002 2F61 00", "7806 01 80 00 0000000000000100", `{"mode":6,"length_format":1,"max_block":"80","data_format":0,"position":"0000000000000100"}`},
		{"3D12 2000 02 AABB", "7D12 2000 02", `{"format":18,"address":"2000","size":"02"}`},
		{"84 0019 01 0002 0001 22F190 AABB", "C4 0018 01 0002 0001 62F19041 CCDD", `{"parameters":24,"method":1,"counter":1,"message":"62F19041","signature":"CCDD"}`},
	} {
		reply, err := known.Interpret(bytesOf(t, c.request), bytesOf(t, c.reply))
		if err != nil || !reply.Positive || !reply.Valid || reply.Unexpected {
			t.Errorf("%s: %s: %v, %+v", c.request, c.reply, err, reply)
		}
		got, _ := json.Marshal(reply.Data)
		if diff := cmp.Diff(c.want, string(got)); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", c.request, c.reply, diff)
		}
	}
}

func TestWrongRepliesAreTold(t *testing.T) {
	for _, c := range []struct {
		request, reply    string
		valid, unexpected bool
	}{
		{"1903", "", false, false},
		{"1903", "59", false, false},
		{"1903", "1903", false, false},
		{"1902FF", "7F19", false, false},
		{"1902FF", "7F2231", true, true},
		{"1902FF", "62F190", true, true},
		{"1902FF", "590AFF", true, true},
		{"1902FF", "5902FF 030111", false, false},
		{"1902FF", "5902FF 030111 2F 0301", false, false},
		{"190103", "5901FF04", false, false},
		{"1904030111FF", "5904030111", false, false},
		{"1904030111FF", "59040301112F 01 01 F40C 0C", false, false},
		{"190403011101", "59040302112F", true, true},
		{"190403011101", "59040301112F 02 01 F40D 32", true, true},
		{"1917FF10", "591711FF", true, true},
		{"19EE", "59EE", false, false},
		{"22F190", "62F191 41", true, true},
		{"22F190", "62", false, false},
		{"1104", "5104", false, false},
		{"2701", "6701", false, false},
		{"2701", "6703 DEAD", true, true},
		{"2901", "6901100002 01", false, false},
		{"2E0142 00", "6E01", false, false},
		{"2E0142 00", "6E0143", true, true},
		{"31010203", "7102 0203", true, true},
		{"31010203", "7101 0204", true, true},
		{"2F015503", "6F0155 02", true, true},
		{"2312200002", "63 01", false, false},
		{"2312200002", "63 010203", true, true},
		{"3400 11 00 10", "7400 81", false, false},
		{"3601 AABB", "7602", true, true},
		{"3801 0003 612E62 10 01 05 04", "7801 02 0FA2 11", true, true},
		{"3801 0003 612E62 10 01 05 04", "7803 02 0FA2 10", true, true},
		{"3802 0003 612E62", "7802 AA", false, false},
		{"3805 0002 2F61", "7805 01 80 01 0001 20", false, false},
		{"3809 0002 2F61", "7809 01 80 01", false, false},
		{"3D12 2000 02 AABB", "7D12 2001 02", true, true},
		{"3D12 2000 02 AABB", "7D12 2000 03", true, true},
		{"84 0019 01 0002 0001 22F190 AABB", "C4 0018 01 0009 0001 62F19041", false, false},
	} {
		reply, err := known.Interpret(bytesOf(t, c.request), bytesOf(t, c.reply))
		if err == nil || reply.Valid != c.valid || reply.Unexpected != c.unexpected || reply.Problem == "" {
			t.Errorf("%s: %s: %v, %+v", c.request, c.reply, err, reply)
		}
		if !errors.Is(err, uds.ErrMalformed) && !errors.Is(err, uds.ErrUnexpected) {
			t.Errorf("%s: %s: the error %v has no kind", c.request, c.reply, err)
		}
	}
}

func TestNegativeResponsesHaveNames(t *testing.T) {
	reply, err := uds.Interpret([]byte{0x22, 0xF1, 0x90}, []byte{0x7F, 0x22, 0x31})
	if n, ok := errors.AsType[link.NegativeReply](err); !ok || n.Code != 0x31 || reply.Positive || !reply.Valid || reply.CodeName() != "request out of range" {
		t.Errorf("got %v, %+v", err, reply)
	}
	for code, want := range map[byte]string{0x24: "request sequence error", 0x94: "resource temporarily not available", 0xF3: "vehicle manufacturer specific condition not correct", 0x95: "reserved for specific conditions not correct"} {
		if got := (uds.Reply{Code: code}).CodeName(); got != want {
			t.Errorf("NRC %02X is %q, want %q", code, got, want)
		}
	}
}

func TestPaddingIsForgivenUnlessStrict(t *testing.T) {
	request := []byte{0x19, 0x02, 0xFF}
	reply := bytesOf(t, "5902FF 030111 2F 000000")
	if _, err := uds.Interpret(request, reply); err != nil {
		t.Errorf("padding: %v", err)
	}
	if _, err := (uds.Knowledge{Strict: true}).Interpret(request, reply); !errors.Is(err, uds.ErrMalformed) {
		t.Errorf("strict: %v", err)
	}
	if got, err := (uds.Knowledge{Strict: true, Length: known.Length}).Interpret(bytesOf(t, "22F40D"), bytesOf(t, "62F40D 32 0000")); !got.Unexpected {
		t.Errorf("an identifier 0000 that nobody asked for: %v, %+v", err, got)
	}
	kept, err := uds.Knowledge{KeepZero: true}.Interpret(request, bytesOf(t, "5902FF 00000000"))
	if err != nil || len(kept.Data.(*uds.DTCReport).DTCs) != 1 {
		t.Errorf("zero code: %v, %+v", err, kept.Data)
	}
}
