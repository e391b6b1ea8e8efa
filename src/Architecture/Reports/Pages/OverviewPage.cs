using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>The first page of the reference: all modules in one table and one picture.</summary>
internal static class OverviewPage
{
    // On the overview an arrow with more messages says how many.
    private const int NamesAtMost = 1;

    public static string Write(PageSources sources)
    {
        var (graph, conversations, _) = sources;
        return new Markdown().Paragraph("# Reference").Paragraph(ReferencePages.Notice)
            .Paragraph($"{graph.Modules.Count} modules. [All integration events](events.md). [The same picture](modules.svg) as a drawing with all names in its tooltips.")
            .Table("Modules", ["module", "owner", "purpose", "endpoints", "events out", "events in"], graph.Modules.OrderBy(static module => module.Name, StringComparer.Ordinal).Select(module => new[]
            {
                ReferencePages.Link(module), module.Manifest is { Owner.Length: > 0 } manifest ? $"`{manifest.Owner}`" : string.Empty, module.Manifest?.Purpose ?? string.Empty,
                Count(ApiOperations.Of(graph.Root, module).Count),
                Count(conversations.Messages.Count(message => message.Kind == EdgeKind.Event && conversations.Senders[message].Any(sender => sender.Module == module))),
                Count(conversations.Messages.Count(message => message.Kind == EdgeKind.Event && conversations.Handlers[message].Any(handler => handler.Module == module))),
            }))
            .Paragraph("## What they say to each other")
            .Code("mermaid", MermaidFormat.Write(Diagrams.Modules(graph, conversations), NamesAtMost))
            .Paragraph("A solid arrow is a request and points to the module that answers; a dotted one is an event and points to the module that handles it, or to the log when none does.")
            .ToString();
    }

    private static string Count(int count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
