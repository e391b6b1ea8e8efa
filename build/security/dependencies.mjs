// Checks, without asking anybody, where the packages come from and that each is pinned. Called by build/check-dependencies after a restore; ends with 1 where something is not as it should be.
// Arguments: the folder of the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = process.argv[2];
const faults = [];
const tracked = execFileSync('git', ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n').filter(Boolean);
const read = (file) => readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '');

// What may be used in a product whose source is its user's. Everything copyleft, and everything without a licence, is for people to decide about.
const licences = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'ISC', 'PostgreSQL', 'MS-PL', 'Unlicense', 'CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0', 'BlueOak-1.0.0', 'Python-2.0', 'Zlib']);
// Tools that only run in CI are not part of what is delivered; these are the weaker conditions that they may have.
const licencesOfTools = new Set([...licences, 'MPL-2.0', 'Artistic-2.0', 'WTFPL']);
// Packages that name their licence by an address or a file, read by a person. The version is part of it: another one is read again.
// MS-.NET-Library lets the software be used and passed on; the package that has it comes with netstandard2.0, at which analyzers are compiled, and holds no code.
const licencesReadByHand = new Set([...licences, 'MS-.NET-Library']);
const readByHand = JSON.parse(readFileSync(new URL('licences.json', import.meta.url), 'utf8'));

const allowed = (expression, set) => {
  const text = expression.replace(/[()]/g, ' ').trim();
  return text.split(/\s+OR\s+/).some((choice) => choice.split(/\s+(?:AND|WITH)\s+/).every((part) => set.has(part.trim())));
};

// NuGet: one place for versions, each of them exact.
const central = read('Directory.Packages.props');
const properties = new Map([...central.matchAll(/<(\w+Version)\b[^>]*>([^<]*)</g)].map((match) => [match[1], match[2]]));
for (const [, id, written] of central.matchAll(/<PackageVersion\s+Include="([^"]+)"\s+Version="([^"]+)"/g)) {
  const version = written.replace(/\$\((\w+)\)/g, (_, name) => properties.get(name) ?? '?');
  if (!/^\d+(\.\d+){1,3}(-[\w.]+)?$/.test(version)) faults.push(`Directory.Packages.props: ${id} has the version '${version}', which is not one version.`);
}
// The corpus of the rules holds projects that are read and never built, bad ones among them.
const isData = (file) => file.startsWith('tests/Architecture.Tests/Corpus/');
for (const project of tracked.filter((file) => /\.(csproj|props|targets)$/.test(file) && !isData(file) && existsSync(join(root, file)))) {
  const text = read(project).replace(/<!--[\s\S]*?-->/g, '');
  for (const [reference] of text.matchAll(/<PackageReference\b[^>]*>/g)) {
    if (/\bVersion(Override)?="(?!\$\((?:NpgsqlVersion|FluentValidationVersion)\)")/.test(reference)) faults.push(`${project}: ${reference} has a version of its own; versions stand in Directory.Packages.props.`);
  }
  if (/RestoreSources|RestoreAdditionalProjectSources|RestoreIgnoreFailedSources/.test(text)) faults.push(`${project}: names sources of packages; those are the machine's to know.`);
}

// No file of the repository says where packages come from, so none can be made to come from elsewhere.
for (const file of tracked.filter((file) => /^(nuget\.config|\.npmrc|\.yarnrc.*)$/i.test(basename(file)))) faults.push(`${file}: names sources of packages; those are the machine's to know.`);

// What the restore has found: each package once, with the hash of its content, under a licence that is known.
const packages = new Map();
for (const project of tracked.filter((file) => file.endsWith('.csproj') && !isData(file))) {
  const assets = join(root, dirname(project), 'obj', 'project.assets.json');
  if (!existsSync(assets)) continue;
  const { libraries, packageFolders } = JSON.parse(readFileSync(assets, 'utf8'));
  for (const [name, library] of Object.entries(libraries)) {
    if (library.type !== 'package') continue;
    if (!library.sha512) faults.push(`${project}: ${name} has no hash.`);
    const known = packages.get(name);
    if (known && known.sha512 !== library.sha512) faults.push(`${project}: ${name} has another content than elsewhere.`);
    packages.set(name, { ...library, folders: Object.keys(packageFolders) });
  }
}
if (packages.size === 0) faults.push('No project is restored, so its packages could not be looked at. Run dotnet restore.');
for (const [name, library] of [...packages].sort()) {
  const folder = library.folders.map((path) => join(path.replace(/^~/, homedir()), library.path)).find(existsSync);
  const nuspec = folder && library.files.find((file) => file.endsWith('.nuspec'));
  const text = nuspec ? readFileSync(join(folder, nuspec), 'utf8') : '';
  const expression = /<license\s+type="expression"[^>]*>([^<]+)</.exec(text)?.[1];
  const fitting = expression ? allowed(expression, licences) : readByHand.nuget[name] && licencesReadByHand.has(readByHand.nuget[name]);
  if (!fitting) faults.push(`NuGet ${name}: the licence is ${expression ?? /<license[^>]*>[^<]*<|<licenseUrl>[^<]*</.exec(text)?.[0] ?? 'not named'}. Read it, and name it in build/security/licences.json if it may be used.`);
}

// npm: exact versions, and hashes for everything that they bring along.
let modules = 0;
for (const file of tracked.filter((file) => basename(file) === 'package.json' && existsSync(join(root, file)))) {
  const manifest = JSON.parse(read(file));
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) faults.push(`${file}: ${name} has the version '${version}', which is not one version of the registry.`);
  }
  const lock = join(dirname(file), 'package-lock.json');
  if (Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length === 0) continue;
  if (!tracked.includes(lock)) {
    faults.push(`${file}: has no package-lock.json beside it.`);
    continue;
  }
  for (const [path, entry] of Object.entries(JSON.parse(read(lock)).packages)) {
    if (path === '' || entry.link) continue;
    modules++;
    const name = `${path.replace(/^.*node_modules\//, '')}/${entry.version}`;
    if (!/^sha512-/.test(entry.integrity ?? '') && !entry.inBundle) faults.push(`${lock}: ${name} has no sha512.`);
    if (entry.resolved && !/^https:\/\//.test(entry.resolved)) faults.push(`${lock}: ${name} comes from ${entry.resolved}.`);
    const licence = typeof entry.license === 'string' ? entry.license : readByHand.npm[name];
    if (!licence || !allowed(licence, licencesOfTools)) faults.push(`${lock}: the licence of ${name} is ${entry.license ?? 'not named'}. Read it, and name it in build/security/licences.json if it may be used.`);
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${packages.size} NuGet packages and ${modules} npm packages: each is one version with a hash, from no source of its own, under a licence that may be used.`);
