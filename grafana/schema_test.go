package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema is made of the types that Grafana publishes, by make grafana-schema.
const (
	schemaFile  = "../tools/grafana/dashboard.schema.json"
	definitions = "schema.json#/definitions/Everything/properties/"
)

// A form is what the schema says: of a dashboard, and of each kind of panel.
type form struct {
	compiler *jsonschema.Compiler
}

func newForm(t *testing.T) form {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(read(t, schemaFile)))
	if err != nil {
		t.Fatal(err)
	}
	f := form{jsonschema.NewCompiler()}
	if err := f.compiler.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return f
}

// check says what in a dashboard is not as it has to be.
func (f form) check(doc map[string]any) (faults []string) {
	faults = f.faults("dashboard", "dashboard", doc)
	for _, p := range doc["panels"].([]any) {
		panel := p.(map[string]any)
		name := fmt.Sprintf("panel %q", panel["title"])
		kind := fmt.Sprintf("panels/properties/%s", panel["type"])
		faults = append(faults, f.faults(name, kind, panel)...)
		faults = append(faults, f.overrides(name, kind, panel)...)
	}
	return faults
}

// overrides are departures from the defaults, and are checked as such: Grafana's
// types leave them open.
func (f form) overrides(name, kind string, panel map[string]any) (faults []string) {
	config, _ := panel["fieldConfig"].(map[string]any)
	list, _ := config["overrides"].([]any)
	for _, o := range list {
		for _, p := range o.(map[string]any)["properties"].([]any) {
			id, value := p.(map[string]any)["id"].(string), p.(map[string]any)["value"]
			defaults := map[string]any{id: value}
			if custom, is := strings.CutPrefix(id, "custom."); is {
				defaults = map[string]any{"custom": map[string]any{custom: value}}
			}
			faults = append(faults, f.faults(name+", override", kind+"/properties/fieldConfig/properties/defaults", defaults)...)
		}
	}
	return faults
}

func (f form) faults(name, definition string, value any) []string {
	schema, err := f.compiler.Compile(definitions + definition)
	if err != nil {
		return []string{fmt.Sprintf("%s: no such thing in the schema: %v", name, err)}
	}
	if err := schema.Validate(value); err != nil {
		return []string{fmt.Sprintf("%s: %v", name, err)}
	}
	return nil
}

func TestDashboardsHaveTheFormThatGrafanaPublishes(t *testing.T) {
	t.Parallel()
	f := newForm(t)
	for _, d := range dashboards(t) {
		for _, fault := range f.check(decoded(t, d.File)) {
			t.Errorf("%s: %s", d.File, fault)
		}
	}
}

func TestTheFormIsStrict(t *testing.T) {
	t.Parallel()
	f := newForm(t)
	for _, c := range []struct{ name, good, bad string }{
		{"a misspelt key of the dashboard", `"schemaVersion"`, `"schemaVerson"`},
		{"a misspelt key of a panel", `"gridPos"`, `"gridpos"`},
		{"a text for a number", `"h": 4`, `"h": "4"`},
		{"a value that there is not", `"colorMode": "value"`, `"colorMode": "loud"`},
		{"an option that there is not", `"graphMode"`, `"graphMod"`},
		{"an option of another kind of panel", `"showHeader"`, `"wideLayout"`},
		{"a kind of panel that there is not", `"type": "bargauge"`, `"type": "bargage"`},
		{"a setting of queries that there is not", `"legendFormat"`, `"legend"`},
		{"a setting of fields that there is not", `"lineWidth"`, `"lineWith"`},
		{"a property that there is not", `"custom.lineStyle"`, `"custom.lineStile"`},
		{"a value of another kind in a property", `"value": 150`, `"value": "wide"`},
		{"a setting of annotations that there is not", `"useValueForTime"`, `"valueAsTime"`},
	} {
		text := string(read(t, "overview.json"))
		if !strings.Contains(text, c.good) {
			t.Errorf("%s: there is no %s to spoil", c.name, c.good)
			continue
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, c.good, c.bad)), &doc); err != nil {
			t.Fatal(err)
		}
		if len(f.check(doc)) == 0 {
			t.Errorf("passes: %s", c.name)
		}
	}
}
