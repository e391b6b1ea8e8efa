using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>The page of all integration events.</summary>
internal static class EventCatalogue
{
    private const string File = "events.md";

    public static string Write(PageSources sources)
    {
        var (graph, conversations, comments) = sources;
        var events = conversations.Messages.Where(static message => message.Kind == EdgeKind.Event).OrderBy(static message => message.StoredName ?? message.Name, StringComparer.Ordinal).ToList();
        var page = new Markdown().Paragraph("# Integration events").Paragraph(ReferencePages.Notice)
            .Paragraph($"{events.Count} events that modules tell each other through [the integration log](../log.md). The owner is the module whose Contracts declare the event; what a module wants to be told by others, it declares itself. "
                + "Events with the same key reach every subscription in their order.")
            .Table(string.Empty, ["event", "when", "published by", "handled by"], events.Select(message => new[] { Link(message), comments.Summary(message.Type.Name), Publishers(conversations, message), Handlers(conversations, message) }));
        foreach (var message in events)
        {
            Event(page, sources, message);
        }

        page.Paragraph("## Stored events of the modules").Paragraph("What modules keep of their own history, in their own schemas. Nobody else reads it.");
        var stored = graph.Modules.OrderBy(static module => module.Name, StringComparer.Ordinal).Select(static module => (module, StoredData.Of(module).Events)).Where(static pair => pair.Events.Count > 0);
        return page.Table(string.Empty, ["module", "events"], stored.Select(static pair => new[] { ReferencePages.Link(pair.module), string.Join(", ", pair.Events.Select(static one => $"`{one.Name}`")) })).ToString();
    }

    /// <summary>A link to an event's place on the page.</summary>
    public static string Link(Message message) => $"[`{Name(message)}`]({File}#{Anchor(message)})";

    /// <summary>Who publishes it.</summary>
    public static string Publishers(Conversations conversations, Message message) =>
        conversations.Senders[message].Any() ? string.Join(", ", Modules(conversations.Senders[message])) : "nobody";

    /// <summary>Who handles it, each with its subscription.</summary>
    public static string Handlers(Conversations conversations, Message message) => string.Join(", ",
        conversations.Handlers[message].OrderBy(static handler => handler.Module.Name, StringComparer.Ordinal).ThenBy(static handler => handler.Subscription, StringComparer.Ordinal)
            .Select(static handler => $"{ReferencePages.Link(handler.Module)} (`{handler.Subscription ?? handler.Type.Name.Name}`)").Distinct());

    private static IEnumerable<string> Modules(IEnumerable<Speaker> speakers) =>
        speakers.Select(static speaker => speaker.Module).Distinct().OrderBy(static module => module.Name, StringComparer.Ordinal).Select(ReferencePages.Link);

    private static string Name(Message message) => message.StoredName ?? message.Name;

    // As code hosts make it of a heading: lower case, without dots.
    private static string Anchor(Message message) => string.Concat(Name(message).ToLowerInvariant().Where(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));

    private static void Event(Markdown page, PageSources sources, Message message)
    {
        var (graph, conversations, comments) = sources;
        page.Paragraph($"## {Name(message)}").Paragraph(comments.Summary(message.Type.Name) is { Length: > 0 } summary ? summary : $"`{message.Name}`");
        page.Line($"- Type: `{message.Type.Name.FullName}`, version {message.Version}{Place(message.Type.Place)}")
            .Line($"- Owner: {ReferencePages.Link(message.Owner)}{(message.Owner.Manifest is { Owner.Length: > 0 } manifest ? $" (`{manifest.Owner}`)" : string.Empty)}")
            .Line($"- Key: {Key(message.Type)}")
            .Line($"- Published by: {Producers(conversations, message)}")
            .Line($"- Handled by: {(conversations.Handlers[message].Any() ? Handlers(conversations, message) : "nobody: it stands in the log")}")
            .Line(string.Empty);
        var members = message.Type.Members.Where(static member => member is { Kind: MemberKind.Property, Visibility: Visibility.Public } && !member.Is(MemberFlags.Static)).ToList();
        page.Table(string.Empty, ["member", "type", "meaning"], members.Select(member => new[] { $"`{Json(member.Name)}`", $"`{Markdown.Type(member.Type)}`", comments.Property(message.Type.Name, member.Name) }));
        if (Payload(graph, message) is { } payload)
        {
            page.Code("json", payload);
        }
    }

    private static string Producers(Conversations conversations, Message message)
    {
        var places = conversations.Senders[message].GroupBy(static sender => sender.Module).OrderBy(static group => group.Key.Name, StringComparer.Ordinal)
            .Select(static group => $"{ReferencePages.Link(group.Key)} in {string.Join(", ", group.Select(static sender => sender.Type.Name.Name).Distinct().Order(StringComparer.Ordinal).Select(static name => $"`{name}`"))}").ToList();
        return places.Count == 0 ? "nobody" : string.Join("; ", places);
    }

    private static string Place(SourceSpan? span) => span is null ? string.Empty : $", in [{span.File[(span.File.LastIndexOf('/') + 1)..]}](../../{span.File})";

    // The key is computed: what it is computed from stands in its accessor.
    private static string Key(TypeFacts type)
    {
        var accessor = type.Members.FirstOrDefault(static member => member.Kind == MemberKind.Method && (member.Name == "get_Key" || member.Name.EndsWith("IIntegrationEvent.get_Key", StringComparison.Ordinal)));
        var from = accessor?.Uses.Where(use => use.Target.FullName == type.Name.FullName && use.Member?.StartsWith("get_", StringComparison.Ordinal) == true).Select(static use => $"`{Json(use.Member![4..])}`").Distinct().ToList() ?? [];
        return from.Count > 0 ? string.Join(" and ", from) : accessor?.Is(MemberFlags.Generated) == true ? "`key`" : "the same for all";
    }

    private static string Json(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string? Payload(CodeGraph graph, Message message)
    {
        var file = Path.Combine(graph.Root, "modules", message.Owner.Folder, message.Owner.Folder + ".Contracts", "Events", $"{message.StoredName}.v{message.Version}.json");
        return System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : null;
    }
}
