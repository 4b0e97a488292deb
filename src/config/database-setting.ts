/** A setting that holds for the whole installation and is kept in its database, where the SQL functions read it too. */
export interface DatabaseSetting {
  key: string;
  /** one sentence without a full stop */
  about: string;
  unit: string;
  /** what may be given, for people */
  values: string;
  default: SettingValue;
  /** what the stored value looks like as text, for doctor and for whatever else writes it */
  form: string;
  /** a row is there from the first setup on */
  always?: true;
  /** @throws Failure usage */
  read(text: string): SettingValue;
}

export type SettingValue = string | number | boolean | number[];
