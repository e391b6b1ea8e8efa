using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ModularMonolith.Cli.Modules;

/// <summary>
/// The text of a solution file, to which projects are added as <c>dotnet sln add</c> does, in folders like those on disk. Ids are made from the paths, so that the same project gets the same id on
/// every branch and machine.
/// </summary>
internal static partial class SolutionFile
{
    private const string FolderKind = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}";
    private const string ProjectKind = "{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";

    /// <summary>Adds projects; those that are there already stay as they are.</summary>
    /// <param name="text">The solution's text.</param>
    /// <param name="projects">Their paths from the solution's folder, with slashes.</param>
    /// <returns>The new text, with the line breaks of the old one.</returns>
    /// <exception cref="NewModuleException">The text is none of a solution.</exception>
    public static string Add(string text, IEnumerable<string> projects)
    {
        var lineBreak = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var solution = new Editing([.. text.ReplaceLineEndings("\n").Split('\n')]);
        foreach (var project in projects.Where(project => !solution.Has(project)))
        {
            solution.Add(project);
        }

        return string.Join(lineBreak, solution.Lines);
    }

    private static string IdOf(string path)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(path))[..16];
        // A UUID of version 8 (RFC 9562, section 5.8): of a form that we have chosen.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("B").ToUpperInvariant();
    }

    [GeneratedRegex("""^Project\("([^"]+)"\) = "([^"]+)", "([^"]+)", "([^"]+)"$""")]
    private static partial Regex Entry();

    private sealed class Editing(List<string> lines)
    {
        public IReadOnlyList<string> Lines => lines;

        public bool Has(string project) => Entries().Any(entry => entry.Path.Replace('\\', '/').Equals(project, StringComparison.OrdinalIgnoreCase));

        public void Add(string project)
        {
            var folders = project.Split('/')[..^2];
            string? parent = null;
            for (var depth = 1; depth <= folders.Length; depth++)
            {
                parent = FolderOf(folders[..depth], parent);
            }

            var id = IdOf(project);
            AddEntry(ProjectKind, Path.GetFileNameWithoutExtension(project), project.Replace('/', '\\'), id);
            foreach (var configuration in Section("SolutionConfigurationPlatforms").Select(static line => line.Split('=')[0].Trim()).ToList())
            {
                // A project has no kinds of processors of its own.
                var built = configuration.Split('|')[0] + "|Any CPU";
                AddTo("ProjectConfigurationPlatforms", "postSolution", $"\t\t{id}.{configuration}.ActiveCfg = {built}");
                AddTo("ProjectConfigurationPlatforms", "postSolution", $"\t\t{id}.{configuration}.Build.0 = {built}");
            }

            Nest(id, parent);
        }

        private string FolderOf(string[] folders, string? parent)
        {
            var known = Entries().FirstOrDefault(entry => entry.Kind == FolderKind && entry.Name == folders[^1] && ParentOf(entry.Id) == parent).Id;
            if (known is not null)
            {
                return known;
            }

            var id = IdOf(string.Join('/', folders) + '/');
            AddEntry(FolderKind, folders[^1], folders[^1], id);
            Nest(id, parent);
            return id;
        }

        private void Nest(string id, string? parent)
        {
            if (parent is not null)
            {
                AddTo("NestedProjects", "preSolution", $"\t\t{id} = {parent}");
            }
        }

        private string? ParentOf(string id) => Section("NestedProjects").Select(static line => line.Split('=', StringSplitOptions.TrimEntries)).FirstOrDefault(pair => pair[0] == id)?[1];

        private IEnumerable<(string Kind, string Name, string Path, string Id)> Entries() =>
            lines.Select(static line => Entry().Match(line)).Where(static match => match.Success).Select(static match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value));

        private void AddEntry(string kind, string name, string path, string id)
        {
            var at = lines.IndexOf("Global");
            lines.InsertRange(at >= 0 ? at : throw NoSolution(), [$"Project(\"{kind}\") = \"{name}\", \"{path}\", \"{id}\"", "EndProject"]);
        }

        private List<string> Section(string name)
        {
            var start = Start(name);
            return start < 0 ? [] : lines.GetRange(start + 1, End(start) - start - 1);
        }

        private void AddTo(string name, string order, string line)
        {
            if (Start(name) < 0)
            {
                var end = lines.IndexOf("EndGlobal");
                lines.InsertRange(end >= 0 ? end : throw NoSolution(), [$"\tGlobalSection({name}) = {order}", "\tEndGlobalSection"]);
            }

            lines.Insert(End(Start(name)), line);
        }

        private int Start(string name) => lines.FindIndex(line => line.StartsWith($"\tGlobalSection({name})", StringComparison.Ordinal));

        private int End(int start) => lines.IndexOf("\tEndGlobalSection", start) is var end && end >= 0 ? end : throw NoSolution();

        private static NewModuleException NoSolution() => new("ModularMonolith.sln is not written as a solution is. Nothing was created. Repair it, or take it from the version control.");
    }
}
