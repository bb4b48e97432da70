package simulator

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

//go:embed scenarios/*.yaml
var scenarioFiles embed.FS

// defaultScenario is the car of a bare "sim:".
const defaultScenario = "petrol-misfire"

// maxScenario bounds a scenario file in bytes.
const maxScenario = 1 << 20

// scenario is one file: a car, and the adapter in its socket.
type scenario struct {
	Title    string       `yaml:"title"`
	Text     string       `yaml:"text"`
	Protocol obd.Protocol `yaml:"protocol"`
	Adapter  string       `yaml:"adapter"` // profile; "" = elm327-v2.2
	At       string       `yaml:"at"`      // one of starts; "" = engine-running
	Vehicle  vehicle      `yaml:"vehicle"`
	ECUs     []ecuSpec    `yaml:"ecus"`
	Nodes    []nodeSpec   `yaml:"nodes"` // of SAE J1939, on 29-bit lines
	DoIP     *doipSpec    `yaml:"doip"`
	Gateway  *gatewaySpec `yaml:"gateway"` // in front of the ECUs that are gated
}

// vehicle holds the numbers of the simple physics.
type vehicle struct {
	Engine       string    `yaml:"engine"`     // petrol, diesel, hybrid or electric
	Litres       float64   `yaml:"litres"`     // displacement
	IdleRPM      float64   `yaml:"idle_rpm"`   // warm
	TorqueNm     float64   `yaml:"torque_nm"`  // reference torque
	ShiftRPM     float64   `yaml:"shift_rpm"`  // shifts up there
	Supply       float64   `yaml:"supply"`     // V nominal: 12 or 24
	MassKg       float64   `yaml:"mass_kg"`    // with driver
	Gears        []float64 `yaml:"gears"`      // rpm per km/h of each forward gear
	Misfire      float64   `yaml:"misfire"`    // 0 to 1, roughness of the engine
	CoolantC     float64   `yaml:"coolant_c"`  // at the start
	AmbientC     float64   `yaml:"ambient_c"`  // outside
	FuelPct      float64   `yaml:"fuel_pct"`   // tank at the start
	ChargePct    float64   `yaml:"charge_pct"` // traction battery at the start
	OdometerKm   float64   `yaml:"odometer_km"`
	SinceClearKm float64   `yaml:"since_clear_km"`
	SinceClear   float64   `yaml:"since_clear_min"`
	WarmUps      float64   `yaml:"warm_ups"` // since the codes were cleared
	WithMILKm    float64   `yaml:"with_mil_km"`
	WithMIL      float64   `yaml:"with_mil_min"`
	TrimPct      float64   `yaml:"trim_pct"` // long-term fuel trim
	Drive        []leg     `yaml:"drive"`    // speed over time, repeated; empty = a mixed cycle
}

// leg is a piece of the drive cycle: change evenly to a speed within a time.
type leg struct {
	Seconds float64 `yaml:"s"`
	Speed   float64 `yaml:"kmh"`
}

// ecuSpec is one control unit as the scenario describes it.
type ecuSpec struct {
	Name        string        `yaml:"name"`
	Address     hexID         `yaml:"address"` // answers from here: 7E8, 18DAF110, 10
	Request     hexID         `yaml:"request"` // takes physical requests here, 0 = as the answer's address says
	Latency     time.Duration `yaml:"latency"`
	Spread      time.Duration `yaml:"spread"`  // latency varies by up to this
	Padding     *hexID        `yaml:"padding"` // CAN fill byte, 00 unless set
	Short       bool          `yaml:"short"`   // CAN frames end with the data
	FrameGap    time.Duration `yaml:"frame_gap"`
	NoItemCount bool          `yaml:"no_item_count"` // service 09 on CAN without the count byte
	Negatives   bool          `yaml:"negatives"`     // refuses functional requests aloud
	Twice       byteSet       `yaml:"twice"`         // services answered twice
	Busy        byteSet       `yaml:"busy"`          // services refused once with NRC 21
	Pending     *pendingSpec  `yaml:"pending"`

	PhysicalOnly bool     `yaml:"physical_only"` // keeps silent when all are asked
	Gated        bool     `yaml:"gated"`         // stands behind the gateway
	Flow         flowSpec `yaml:"flow"`          // its flow control for long requests

	Current   byteSet           `yaml:"current"` // PIDs of service 01
	Constants map[string]string `yaml:"constants"`
	Monitors  *monitorSpec      `yaml:"monitors"`
	Codes     codeSpec          `yaml:"codes"`
	Freeze    []freezeSpec      `yaml:"freeze"`
	Tests     []testSpec        `yaml:"tests"`
	O2Tests   []oxygenSpec      `yaml:"oxygen_tests"`
	Info      infoSpec          `yaml:"info"`
	DIDs      map[string]string `yaml:"dids"` // service 22: "F190" to text, or hex in 0x...
	UDS       *udsSpec          `yaml:"uds"`
}

// flowSpec is how an ECU takes requests of several frames (ISO 15765-2).
type flowSpec struct {
	Block      int   `yaml:"block"`      // BS, 0 = all at once
	Separation hexID `yaml:"separation"` // STmin as the byte on the wire
	Waits      int   `yaml:"waits"`      // how often it says WAIT first
	Longest    int   `yaml:"longest"`    // longer requests overflow, 0 = 4095 bytes
}

type pendingSpec struct {
	Services byteSet       `yaml:"services"`
	Count    int           `yaml:"count"` // how many times response pending
	Every    time.Duration `yaml:"every"`
}

type monitorSpec struct {
	Compression bool     `yaml:"compression"`
	Supported   []string `yaml:"supported"`
	Open        []string `yaml:"open"`       // not complete since clear
	OpenCycle   []string `yaml:"open_cycle"` // not complete in this driving cycle
}

type codeSpec struct {
	Stored    []string `yaml:"stored"`
	Pending   []string `yaml:"pending"`
	Permanent []string `yaml:"permanent"`
	// NoPermanent says that the ECU is older than service 0A.
	NoPermanent bool `yaml:"no_permanent"`
}

type freezeSpec struct {
	Code  string  `yaml:"code"`
	PIDs  byteSet `yaml:"pids"`
	State state   `yaml:"state"`
}

// testSpec is one record of service 06; Value, Min and Max are raw 16-bit words.
type testSpec struct {
	MID   hexID `yaml:"mid"` // component id on the older lines
	TID   hexID `yaml:"tid"`
	UAS   hexID `yaml:"uas"` // CAN only
	Value int32 `yaml:"value"`
	Min   int32 `yaml:"min"`
	Max   int32 `yaml:"max"`
	Lower bool  `yaml:"lower"` // older lines: the limit Min is a minimum, otherwise Max is a maximum
}

// oxygenSpec is one result of service 05; TIDs below 05 are constants without limits.
type oxygenSpec struct {
	TID    hexID `yaml:"tid"`
	Sensor hexID `yaml:"sensor"`
	Value  hexID `yaml:"value"`
	Min    hexID `yaml:"min"`
	Max    hexID `yaml:"max"`
}

type infoSpec struct {
	VIN         string   `yaml:"vin"`
	CALIDs      []string `yaml:"calids"`
	CVNs        []hexID  `yaml:"cvns"`
	Name        string   `yaml:"name"`
	ESN         string   `yaml:"esn"`
	Regulation  string   `yaml:"regulation"`
	InUse       []uint16 `yaml:"in_use"` // the counters of InfoType 08 or 0B in the order of the standard
	Compression bool     `yaml:"compression"`
}

// Info describes a scenario for people.
type Info struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
}

// Scenarios lists the built-in scenarios by name.
func Scenarios() []Info {
	var list []Info
	for _, name := range scenarioNames() {
		if s, err := readScenario(name); err == nil {
			list = append(list, Info{Name: name, Title: s.Title, Text: strings.TrimSpace(s.Text)})
		}
	}
	return list
}

func scenarioNames() []string {
	files, _ := fs.Glob(scenarioFiles, "scenarios/*.yaml")
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	slices.Sort(names)
	return names
}

// isPath tells a user's own file from the name of a scenario.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func readScenario(name string) (*scenario, error) {
	if !isPath(name) {
		text, err := scenarioFiles.ReadFile("scenarios/" + name + ".yaml")
		if err != nil {
			return nil, errs.New(errs.Usage, "scenario %q is not known", name).
				WithHint("scenarios: %s; or the path of a .yaml file", strings.Join(scenarioNames(), ", "))
		}
		return parseScenario(text)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, errs.New(errs.Usage, "read scenario: %w", err)
	}
	if info.Size() > maxScenario || !info.Mode().IsRegular() {
		return nil, errs.New(errs.BadInput, "read scenario %s: not a file of at most 1 MiB", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, errs.New(errs.Usage, "read scenario: %w", err)
	}
	s, err := parseScenario(text)
	if err != nil {
		return nil, errs.New(errs.BadInput, "scenario %s: %w", name, err)
	}
	return s, nil
}

func parseScenario(text []byte) (*scenario, error) {
	var s scenario
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return &s, nil
}

// check finds what would make the car impossible.
func (s *scenario) check() error {
	if s.Protocol < obd.J1850PWM || s.Protocol > obd.J1939 {
		return fmt.Errorf("protocol %q cannot be simulated", s.Protocol)
	}
	if n := len(s.ECUs) + len(s.Nodes); n == 0 || n > 32 {
		return fmt.Errorf("%d ecus and nodes: want 1 to 32", n)
	}
	if err := s.checkNodes(); err != nil {
		return err
	}
	if d := s.DoIP; d != nil {
		filled := *d
		if err := filled.fill(s); err != nil {
			return err
		}
	}
	if _, ok := starts[s.At]; !ok && s.At != "" {
		return fmt.Errorf("at %q: want one of %s", s.At, strings.Join(sortedKeys(starts), ", "))
	}
	if _, ok := profiles[s.Adapter]; !ok && s.Adapter != "" {
		return fmt.Errorf("adapter %q is not known", s.Adapter)
	}
	for i := range s.ECUs {
		if err := s.ECUs[i].check(s.Protocol); err != nil {
			return fmt.Errorf("ecu %s: %w", s.ECUs[i].Name, err)
		}
	}
	return s.Vehicle.check()
}

// gap is the pause between two frames of a long message.
func (s *scenario) gap() time.Duration {
	if len(s.ECUs) == 0 {
		return 500 * time.Microsecond
	}
	return s.ECUs[0].FrameGap
}

func (s *scenario) checkNodes() error {
	if len(s.Nodes) > 0 && !s.Protocol.Is29Bit() {
		return fmt.Errorf("nodes of SAE J1939 need 29-bit identifiers")
	}
	if len(s.Nodes) > maxNodes {
		return fmt.Errorf("%d nodes: want at most %d", len(s.Nodes), maxNodes)
	}
	seen := map[uint8]bool{}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if err := n.check(); err != nil {
			return fmt.Errorf("node %s: %w", n.Name, err)
		}
		if seen[n.Address] {
			return fmt.Errorf("node %s: address %d is taken", n.Name, n.Address)
		}
		seen[n.Address] = true
	}
	return nil
}
