import { Option } from '@commander-js/extra-typings';

export const asMemberOption = new Option(
  '--as-member <member>',
  'act for this member, who has to be an admin of the group',
);
