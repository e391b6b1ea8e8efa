using System.Text;
using ModularMonolith.Architecture.Reports;

namespace ModularMonolith.Architecture.Impact;

/// <summary>Writes what a change touches.</summary>
public static class ImpactFormat
{
    /// <summary>For people at a terminal.</summary>
    /// <param name="impact">What is touched.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Text(ChangeImpact impact)
    {
        var text = new StringBuilder();
        Section(text, $"{Files(impact.Files.Count)} changed in", impact.Modules.Select(static module => module.Folder), "no module");
        Section(text, "Contracts changed", impact.Contracts.Select(static pair => $"{pair.Key.Folder}: {string.Join(", ", pair.Value)}"), "none");
        Section(text, "Consumers", impact.Consumers.Select(static consumer => $"{consumer.Module.Folder} uses {string.Join(", ", consumer.Types)} of {consumer.Owner.Folder}"), "none");
        Section(text, "Endpoints that run changed code", impact.Endpoints.Select(static endpoint => $"{endpoint.Module.Folder}: {endpoint.Operation}{(endpoint.Route.Length > 0 ? $" ({endpoint.Route})" : string.Empty)}"), "none");
        if (impact.Everything is { } reason)
        {
            text.Append("All tests are needed: ").Append(reason).Append(".\n    dotnet test\n");
        }
        else
        {
            Section(text, "Tests that are enough", impact.Tests.Select(static tests => $"{tests.Project}: {tests.Because}"), "none: only documents are changed; mm verify and mm docs --check read them");
            foreach (var line in Commands(impact))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>For a comment on a pull request.</summary>
    /// <param name="impact">What is touched.</param>
    /// <returns>Markdown, whose lines end with one character.</returns>
    public static string Markdown(ChangeImpact impact)
    {
        var text = new StringBuilder("## What this change touches\n\n");
        Bullet(text, "Modules", impact.Modules.Select(static module => module.Folder));
        Bullet(text, "Contracts", impact.Contracts.Select(static pair => $"{pair.Key.Folder}: {string.Join(", ", pair.Value.Select(static name => $"`{name}`"))}"));
        Bullet(text, "Consumers", impact.Consumers.Select(static consumer => $"{consumer.Module.Folder} uses {string.Join(", ", consumer.Types.Select(static name => $"`{name}`"))} of {consumer.Owner.Folder}"));
        Bullet(text, "Endpoints", impact.Endpoints.Select(static endpoint => endpoint.Route.Length > 0 ? $"`{endpoint.Route}` ({endpoint.Operation})" : endpoint.Operation));
        if (impact.Everything is { } reason)
        {
            return text.Append("**All tests are needed:** ").Append(reason).Append(".\n\n```sh\ndotnet test\n```\n").ToString();
        }

        Bullet(text, "Tests that are enough", impact.Tests.Select(static tests => $"`{tests.Project}`: {tests.Because}"));
        return impact.Tests.Count == 0 ? text.ToString() : text.Append("```sh\n").AppendJoin('\n', Commands(impact)).Append("\n```\n").ToString();
    }

    /// <summary>For other programs. What is there stays; new members may come.</summary>
    /// <param name="impact">What is touched.</param>
    /// <returns>A JSON document, which ends with a line end.</returns>
    public static string Json(ChangeImpact impact) => JsonFormat.Write(writer =>
    {
        writer.WriteString("schema", "modular-monolith.impact/1");
        JsonFormat.Texts(writer, "files", impact.Files.Select(static file => file.Path));
        JsonFormat.Texts(writer, "modules", impact.Modules.Select(static module => module.Folder));
        writer.WriteStartObject("contracts");
        foreach (var (module, types) in impact.Contracts)
        {
            JsonFormat.Texts(writer, module.Folder, types);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("consumers");
        foreach (var consumer in impact.Consumers)
        {
            writer.WriteStartObject();
            writer.WriteString("module", consumer.Module.Folder);
            writer.WriteString("of", consumer.Owner.Folder);
            JsonFormat.Texts(writer, "types", consumer.Types);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("endpoints");
        foreach (var endpoint in impact.Endpoints)
        {
            writer.WriteStartObject();
            writer.WriteString("module", endpoint.Module.Folder);
            writer.WriteString("operation", endpoint.Operation);
            writer.WriteString("route", endpoint.Route);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("everything", impact.Everything);
        JsonFormat.Texts(writer, "tests", impact.Tests.Select(static tests => tests.Project));
        JsonFormat.Texts(writer, "commands", Commands(impact));
    });

    private static IEnumerable<string> Commands(ChangeImpact impact) => impact.Everything is null ? impact.Tests.Select(static tests => $"dotnet test {Path.GetDirectoryName(tests.Project)!.Replace('\\', '/')}") : ["dotnet test"];

    private static string Files(int count) => count == 1 ? "1 file" : $"{count} files";

    private static void Section(StringBuilder text, string heading, IEnumerable<string> lines, string none)
    {
        var all = lines.ToList();
        text.Append(heading).Append(':').Append(all.Count == 0 ? $" {none}\n" : "\n");
        all.ForEach(line => text.Append("  ").Append(line).Append('\n'));
    }

    private static void Bullet(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        text.Append("- **").Append(heading).Append("**").Append(all.Count == 0 ? ": none\n" : "\n");
        all.ForEach(line => text.Append("  - ").Append(line).Append('\n'));
        text.Append(heading == "Tests that are enough" || heading == "Endpoints" ? "\n" : string.Empty);
    }
}
