using System.Reflection;
using System.Text;
using System.Text.Json;
using Marten;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Architecture.Tests;

/// <summary>A payload of every version of every stored event is kept as a file, and is read and written as when it was stored.</summary>
internal static class PayloadRules
{
    private const string Retired = "retired.txt";

    private static readonly MethodInfo Read = typeof(EventPayload).GetMethod(nameof(EventPayload.Deserialize), 1, [typeof(string), typeof(int)])!;

    public static readonly Rule PublishedPayloadsAreKept = new(
        "published-payloads-are-kept",
        "The log keeps events for years and other processes read them. A changed shape under an old version breaks readers, and nobody would see it before they fail.",
        "Undo the change, or raise Version in [EventName], write an IEventUpcaster beside the event, and save the JSON shown here as the file of the new version. Never change the file of an old one.",
        static context => Outcome.Of(
            from published in Published(context.Graph)
            where !published.Type.IsInterface && published.Type.IsAssignableTo(typeof(IIntegrationEvent))
            select published,
            item => Enumerable.Range(1, item.Version).Select(version => Check(
                context.Graph.Root, item.Facts, new PayloadFile(item.Folder, item.Name, version), item.Type, isCurrent: version == item.Version, mustBeWhole: true,
                payload => Read.MakeGenericMethod(item.Type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [payload, version], null)!,
                payload => EventPayload.Serialize((IIntegrationEvent)payload))).OfType<Finding>()));

    public static readonly Rule StoredPayloadsAreKept = new(
        "stored-payloads-are-kept",
        "A stream is read from its first event on for as long as it lives. An event whose shape has changed so that the old one cannot be read any more takes its aggregate with it.",
        "Add members only, each with a default, and save the JSON shown here as the file with the next number beside the old ones, which stay. For any other change store a new event under a new name.",
        static context =>
        {
            var serializer = StoredJson();
            return Outcome.Of(StoredEvents(context.Graph), item =>
            {
                var numbers = PayloadFile.NumbersOf(context.Graph.Root, item.Folder, item.Name);
                var last = Math.Max(1, numbers.DefaultIfEmpty().Max());
                return Enumerable.Range(1, last).Select(number => Check(
                    context.Graph.Root, item.Facts, new PayloadFile(item.Folder, item.Name, number), item.Type, isCurrent: number == last, mustBeWhole: number == last,
                    payload => serializer.FromJson(item.Type, new MemoryStream(Encoding.UTF8.GetBytes(payload))), serializer.ToJson)).OfType<Finding>();
            });
        });

    public static readonly Rule PayloadFilesHaveEvents = new(
        "payload-files-have-events",
        "A file whose event is gone proves nothing, and an event that is gone is still stored somewhere.",
        $"Put the event back or, when nothing holds it any more or its readers are gone on purpose, add a line with its name and the reason to {Retired} beside the file.",
        static context =>
        {
            var known = (from published in Published(context.Graph)
                         from version in Enumerable.Range(1, Math.Max(1, published.Version))
                         select new PayloadFile(published.Folder, published.Name, version).Path)
                .Concat(from item in StoredEvents(context.Graph)
                        from number in PayloadFile.NumbersOf(context.Graph.Root, item.Folder, item.Name)
                        select new PayloadFile(item.Folder, item.Name, number).Path).ToHashSet(StringComparer.Ordinal);
            return Outcome.Of(
                from module in context.Graph.Modules
                from folder in new[] { PublishedIn(module), StoredIn(module) }
                from path in PayloadFile.Below(context.Graph.Root, folder)
                select path,
                path => known.Contains(path) || IsRetired(context.Graph.Root, path) ? [] : [new Finding(path, "belongs to no event and version that the code knows") { Span = new SourceSpan(path, 1, 1, 1, 1) }]);
        });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [PublishedPayloadsAreKept, StoredPayloadsAreKept, PayloadFilesHaveEvents];

    private static string PublishedIn(Graph.Module module) => $"modules/{module.Folder}/{module.Folder}.Contracts/Events";

    private static string StoredIn(Graph.Module module) => $"modules/{module.Folder}/{module.Folder}.Tests/StoredEvents";

    private static bool IsRetired(string root, string path)
    {
        var list = Path.Combine(root, Path.GetDirectoryName(path)!, Retired);
        return File.Exists(list) && File.ReadLines(list).Any(line => line.Split(' ', 2) is [var name, { Length: > 0 }] && Path.GetFileName(path).StartsWith(name + ".v", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Folder, TypeFacts Facts, Type Type, string Name, int Version)> Published(CodeGraph graph) =>
        from module in graph.Modules
        from assembly in module.Assemblies
        from facts in assembly.Types
        where facts.Attribute(WellKnown.EventName) is not null
        let type = RepositoryUnderTest.Load(facts.Name)
        let name = type.GetCustomAttribute<EventNameAttribute>()!
        select (PublishedIn(module), facts, type, name.Name, name.Version);

    // The events of streams, found where the modules give them their stored names.
    private static IEnumerable<(string Folder, string Name, TypeFacts Facts, Type Type)> StoredEvents(CodeGraph graph) =>
        from module in graph.Modules
        where module.Slice is not null
        from member in module.Slice!.Types.SelectMany(static type => type.Members)
        from use in member.Uses
        where use is { Member: "MapEventType", MemberArguments: [_] }
        let mapped = use.MemberArguments[0]
        select (StoredIn(module), use.Texts.OfType<string>().FirstOrDefault() ?? string.Empty, graph.Find(mapped)!, RepositoryUnderTest.Load(mapped));

    private static ISerializer StoredJson()
    {
        var options = new StoreOptions();
        ModuleStoreRegistration.UseJson(options);
        return options.Serializer();
    }

    private static Finding? Check(
        string root, TypeFacts facts, PayloadFile file, Type type, bool isCurrent, bool mustBeWhole, Func<string, object> read, Func<object, string> write)
    {
        if (file.ReadIn(root) is not { } kept)
        {
            return Found($"has no file {file.Path}" + (isCurrent ? $"; save in it: {Sample(type, write)}" : "; take it from the version control or from the log"));
        }

        try
        {
            var payload = read(kept);
            var written = write(payload);
            return isCurrent && !PayloadFile.AreEqual(kept, written) ? Found($"is written in another shape than {file.Path} has kept: {Sample(type, write)}")
                : mustBeWhole && PayloadFile.Unset(written) is { Count: > 0 } unset ? Found($"does not set {string.Join(", ", unset)} from {file.Path}")
                : null;
        }
        catch (Exception exception) when (exception is UnreadableEventException or JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return Found($"cannot read {file.Path}: {exception.Message}");
        }

        Finding Found(string what) => new(type.Name, what) { Span = facts.Place };
    }

    private static string Sample(Type type, Func<object, string> write)
    {
        try
        {
            return write(SamplePayload.Of(type));
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            return $"what a real one is written as ({exception.Message})";
        }
    }
}
