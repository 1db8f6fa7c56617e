// What a dashboard may look like: Grafana's own types, put together more tightly
// than Grafana does. There, a panel's options and queries are open maps; here
// each kind of panel has its own, and a key that nobody reads is a mistake.
import type { DataQuery } from '@grafana/schema';
import type * as d from './node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen';
import type * as bargauge from './node_modules/@grafana/schema/dist/types/raw/composable/bargauge/panelcfg/x/types.gen';
import type * as heatmap from './node_modules/@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/types.gen';
import type * as stat from './node_modules/@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import type * as statetimeline from './node_modules/@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/types.gen';
import type * as table from './node_modules/@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen';
import type * as timeseries from './node_modules/@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

// A query to Prometheus. Its data source is the panel's.
interface Query extends Pick<DataQuery, 'refId' | 'hide'> {
  editorMode: 'code';
  expr: string;
  format?: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  interval?: string;
  legendFormat: string;
  range: boolean;
}

// Fields that Prometheus' annotations have besides.
interface Annotation extends d.AnnotationQuery {
  expr: string;
  step?: string;
  tagKeys?: string;
  textFormat?: string;
  titleFormat?: string;
  useValueForTime?: boolean;
}

// Grafana puts its own defaults where a panel says nothing.
interface PanelOf<Type extends string, Options, Custom> extends Omit<d.Panel, 'type' | 'options' | 'fieldConfig' | 'targets' | 'transformations'> {
  type: Type;
  options: Partial<Options>;
  fieldConfig: {
    defaults: Omit<d.FieldConfig, 'custom'> & { custom?: Partial<Custom> };
    overrides: Array<{ matcher: d.MatcherConfig; properties: Array<{ id: string; value: unknown }> }>;
  };
  targets: Query[];
  transformations?: d.DataTransformerConfig[];
}

// What a kind of panel has that has no settings of its own for fields.
interface None {}

export interface Everything {
  dashboard: Omit<d.Dashboard, 'panels' | 'annotations'> & {
    annotations: { list: Annotation[] };
    panels: unknown[]; // each is checked by its kind
  };
  panels: {
    bargauge: PanelOf<'bargauge', bargauge.Options, None>;
    heatmap: PanelOf<'heatmap', heatmap.Options, heatmap.FieldConfig>;
    row: d.RowPanel;
    stat: PanelOf<'stat', stat.Options, None>;
    'state-timeline': PanelOf<'state-timeline', statetimeline.Options, statetimeline.FieldConfig>;
    table: PanelOf<'table', table.Options, table.FieldConfig>;
    timeseries: PanelOf<'timeseries', timeseries.Options, timeseries.FieldConfig>;
  };
}
