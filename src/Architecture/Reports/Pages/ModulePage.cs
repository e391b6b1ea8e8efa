using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>A module's page: what it is, what it offers, what it says and hears, what it keeps.</summary>
internal static class ModulePage
{
    public static string Write(PageSources sources, Module module)
    {
        var (graph, conversations, comments) = sources;
        var page = new Markdown().Paragraph($"# {module.Folder}").Paragraph(ReferencePages.Notice);
        if (module.Manifest?.Purpose is { Length: > 0 } purpose)
        {
            page.Paragraph(purpose);
        }

        var own = File.Exists(Path.Combine(graph.Root, "docs", "modules", module.Name + ".md")) ? $" How it works is told in [its own page](../modules/{module.Name}.md)." : string.Empty;
        page.Paragraph($"Owner: {(module.Manifest?.Owner is { Length: > 0 } owner ? $"`{owner}`" : "not said")}. Schema, route group and section: `{module.Name}`. Code: `modules/{module.Folder}`.{own}")
            .Paragraph("## What it says and hears")
            .Paragraph(MermaidFormat.OfModule(graph, conversations, module))
            .Paragraph("A solid arrow is a request and points to the module that answers; a dotted one is an event and points to the module that handles it, or to the log when none does.");
        Dependencies(page, graph, module);
        page.Table("Endpoints", ["method", "path", "callers", "what it does"], ApiOperations.Of(graph.Root, module).Select(static one => new[] { one.Method, $"`{one.Path}`", one.Callers, one.Summary }))
            .Table("Permissions", ["permission", "what it allows"], (module.Manifest?.Permissions ?? []).Select(static one => new[] { $"`{one.Key}`", one.Value }));
        Requests(page, sources, module);
        Events(page, sources, module);
        var data = StoredData.Of(module);
        page.Table("Tables", ["table", "what is in it"], data.Tables.Select(static one => new[] { $"`{one.Table}`", one.Content }))
            .Table("Stored events", ["name", "type", "what happened"], data.Events.Select(one => new[] { $"`{one.Name}`", $"`{one.Type.Name}`", comments.Summary(one.Type) }))
            .Table("Timers and recurring jobs", ["name", "when", "command"],
                data.Jobs.Select(static one => new[] { $"`{one.Name}`", $"`{one.Schedule}`", $"`{one.Command.Name}`" })
                    .Concat(data.Timers.Select(static one => new[] { $"`{one.Name}`", "when it is scheduled", $"`{one.Type.Name.Name}`" })))
            .Table("Processes", ["name", "state"], data.Processes.Select(static one => new[] { $"`{one.Name}`", $"`{one.State.Name}`" }))
            .Table("Settings", ["key", "default", "meaning"], DocumentedSettings.Of(graph.Root, module.Name).Select(static one => new[] { one.Key, one.Default, one.Meaning }));
        return page.ToString();
    }

    private static void Dependencies(Markdown page, CodeGraph graph, Module module)
    {
        var used = (from user in graph.Modules
                    from assembly in user.Assemblies
                    from edge in graph.EdgesOut(assembly)
                    let owner = graph.OwnerOf(edge.To.Assembly)
                    where owner is not null && owner != user && (user == module || owner == module)
                    group edge.To.Name by (user, owner)).ToList();
        page.Table("Depends on", ["module", "uses of it"], used.Where(pair => pair.Key.user == module).OrderBy(static pair => pair.Key.owner.Name, StringComparer.Ordinal).Select(static pair => Row(pair.Key.owner, pair)))
            .Table("Is used by", ["module", "uses"], used.Where(pair => pair.Key.owner == module).OrderBy(static pair => pair.Key.user.Name, StringComparer.Ordinal).Select(static pair => Row(pair.Key.user, pair)));
    }

    private static string[] Row(Module module, IEnumerable<string> names) => [ReferencePages.Link(module), string.Join(", ", names.Distinct().Order(StringComparer.Ordinal).Select(static name => $"`{name}`"))];

    private static void Requests(Markdown page, PageSources sources, Module module)
    {
        var (graph, conversations, comments) = sources;
        var asked = conversations.Messages.Where(message => message.Owner == module && message.Kind == EdgeKind.Request).ToDictionary(static message => message.Type.Name);
        var requests = from assembly in module.Assemblies
                       from type in assembly.Types
                       where type is { Kind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } && graph.Is(type, WellKnown.Request)
                       orderby type.Name.Name, type.Name.FullName
                       select type;
        var rows = requests.Select(type =>
        {
            var kind = graph.Is(type, WellKnown.Command) ? "command" : graph.Is(type, WellKnown.Query) ? "query" : "request";
            var by = asked.TryGetValue(type.Name, out var message)
                ? string.Join(", ", conversations.Senders[message].Select(static sender => sender.Module).Where(sender => sender != module).Distinct().OrderBy(static sender => sender.Name, StringComparer.Ordinal).Select(ReferencePages.Link))
                : string.Empty;
            return (Kind: kind, Row: new[] { $"`{type.Name.Name}`", kind, by, comments.Summary(type.Name) });
        }).ToList();
        page.Table("Commands and queries", ["name", "kind", "other modules that ask", "what it does"], rows.Select(static one => one.Row));
    }

    private static void Events(Markdown page, PageSources sources, Module module)
    {
        var (_, conversations, comments) = sources;
        var events = conversations.Messages.Where(static message => message.Kind == EdgeKind.Event).ToList();
        page.Table("Events out", ["event", "when", "handled by"],
                events.Where(message => conversations.Senders[message].Any(sender => sender.Module == module)).Select(message => new[]
                {
                    EventCatalogue.Link(message), comments.Summary(message.Type.Name),
                    conversations.Handlers[message].Any() ? EventCatalogue.Handlers(conversations, message) : "nobody: it stands in the log",
                }))
            .Table("Events in", ["event", "subscription", "published by"],
                from message in events
                from handler in conversations.Handlers[message]
                where handler.Module == module
                select new[] { EventCatalogue.Link(message), $"`{handler.Subscription ?? handler.Type.Name.Name}`", EventCatalogue.Publishers(conversations, message) });
    }
}
