// Package dashboard reads Grafana's dashboards as far as this project's own are
// to be checked and drawn: where a panel is, what it asks, and how it shows the
// answer. What else there is in the JSON, the schema checks.
//
// It talks to no Grafana and is part of no program that is installed.
package dashboard

import "encoding/json"

// A Dashboard is one file.
type Dashboard struct {
	UID         string   `json:"uid"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Tags        []string `json:"tags"`
	Editable    bool     `json:"editable"`
	Panels      []Panel  `json:"panels"`
	Links       []Link   `json:"links"`
	Annotations struct {
		List []Annotation `json:"list"`
	} `json:"annotations"`
	Templating struct {
		List []Variable `json:"list"`
	} `json:"templating"`

	File string `json:"-"`
}

// A Panel is one picture.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description"`
	Datasource      Datasource       `json:"datasource"`
	GridPos         GridPos          `json:"gridPos"`
	Interval        string           `json:"interval"` // the shortest step of its queries
	Targets         []Target         `json:"targets"`
	FieldConfig     FieldConfig      `json:"fieldConfig"`
	Options         json.RawMessage  `json:"options"`
	Transformations []Transformation `json:"transformations"`
}

// A GridPos is a place on a grid of Columns columns.
type GridPos struct{ X, Y, W, H int }

// Columns is how many there are in a dashboard.
const Columns = 24

// A Target is a query.
type Target struct {
	RefID        string `json:"refId"`
	Expr         string `json:"expr"`
	Format       string `json:"format"`
	Instant      bool   `json:"instant"`
	LegendFormat string `json:"legendFormat"`
}

// A Datasource is where queries go.
type Datasource struct{ Type, UID string }

// A FieldConfig says how values look.
type FieldConfig struct {
	Defaults  FieldDefaults `json:"defaults"`
	Overrides []Override    `json:"overrides"`
}

// FieldDefaults are for all values of a panel.
type FieldDefaults struct {
	Unit       string     `json:"unit"`
	Thresholds Thresholds `json:"thresholds"`
	Links      []Link     `json:"links"`
}

// An Override is for some values: those of a name, or of names of a form.
type Override struct {
	Matcher struct {
		ID      string `json:"id"`
		Options string `json:"options"`
	} `json:"matcher"`
	Properties []Property `json:"properties"`
}

// A Property is what is different for some values.
type Property struct {
	ID    string          `json:"id"`
	Value json.RawMessage `json:"value"`
}

// Thresholds are where colors change.
type Thresholds struct {
	Steps []struct {
		Color string   `json:"color"`
		Value *float64 `json:"value"` // nil is below all others
	} `json:"steps"`
}

// A Link leads elsewhere: to a URL, or to all dashboards with some tags.
type Link struct {
	Title string   `json:"title"`
	Type  string   `json:"type"`
	URL   string   `json:"url"`
	Tags  []string `json:"tags"`
}

// An Annotation marks times in all panels.
type Annotation struct {
	Name       string     `json:"name"`
	Datasource Datasource `json:"datasource"`
	Expr       string     `json:"expr"`
}

// A Variable is what can be chosen above the panels.
type Variable struct {
	Name       string          `json:"name"`
	Type       string          `json:"type"`
	Datasource Datasource      `json:"datasource"`
	Query      json.RawMessage `json:"query"`
	Multi      bool            `json:"multi"`
	IncludeAll bool            `json:"includeAll"`
	AllValue   string          `json:"allValue"`
}

// A Transformation changes the answers before they are shown.
type Transformation struct {
	ID      string          `json:"id"`
	Options json.RawMessage `json:"options"`
}
