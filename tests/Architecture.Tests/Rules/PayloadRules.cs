using System.Reflection;
using System.Text;
using System.Text.Json;
using Marten;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>A payload of every version of every stored event is kept as a file, and is read and written as when it was stored.</summary>
internal static class PayloadRules
{
    private const string Retired = "retired.txt";

    private static readonly MethodInfo Read = typeof(EventPayload).GetMethod(nameof(EventPayload.Deserialize), 1, [typeof(string), typeof(int)])!;

    public static readonly Rule PublishedPayloadsAreKept = new(
        "published-payloads-are-kept",
        "The log keeps events for years and other processes read them. A changed shape under an old version breaks readers, and nobody would see it before they fail.",
        "Undo the change, or raise Version in [EventName], write an IEventUpcaster beside the event, and save the JSON shown here as the file of the new version. Never change the file of an old one.",
        codebase => Outcome.Of(
            from pair in codebase.ModuleAssemblies
            from type in pair.Assembly.Types
            let name = type.GetCustomAttribute<EventNameAttribute>()
            where name is not null && !type.IsInterface && type.IsAssignableTo(typeof(IIntegrationEvent))
            select (Folder: PublishedIn(pair.Module), Type: type, name.Name, name.Version),
            item => Enumerable.Range(1, item.Version).Select(version => Check(
                codebase, new PayloadFile(item.Folder, item.Name, version), item.Type, isCurrent: version == item.Version, mustBeWhole: true,
                payload => Read.MakeGenericMethod(item.Type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [payload, version], null)!,
                payload => EventPayload.Serialize((IIntegrationEvent)payload))).OfType<Finding>()));

    public static readonly Rule StoredPayloadsAreKept = new(
        "stored-payloads-are-kept",
        "A stream is read from its first event on for as long as it lives. An event whose shape has changed so that the old one cannot be read any more takes its aggregate with it.",
        "Add members only, each with a default, and save the JSON shown here as the file with the next number beside the old ones, which stay. For any other change store a new event under a new name.",
        codebase =>
        {
            var serializer = StoredJson();
            return Outcome.Of(StoredEvents(codebase), item =>
            {
                var numbers = PayloadFile.NumbersOf(codebase, item.Folder, item.Name);
                var last = Math.Max(1, numbers.DefaultIfEmpty().Max());
                return Enumerable.Range(1, last).Select(number => Check(
                    codebase, new PayloadFile(item.Folder, item.Name, number), item.Type, isCurrent: number == last, mustBeWhole: number == last,
                    payload => serializer.FromJson(item.Type, new MemoryStream(Encoding.UTF8.GetBytes(payload))), serializer.ToJson)).OfType<Finding>();
            });
        });

    public static readonly Rule PayloadFilesHaveEvents = new(
        "payload-files-have-events",
        "A file whose event is gone proves nothing, and an event that is gone is still stored somewhere.",
        $"Put the event back or, when nothing holds it any more or its readers are gone on purpose, add a line with its name and the reason to {Retired} beside the file.",
        codebase =>
        {
            var known = (from pair in codebase.ModuleAssemblies
                         from type in pair.Assembly.Types
                         let name = type.GetCustomAttribute<EventNameAttribute>()
                         where name is not null
                         from version in Enumerable.Range(1, Math.Max(1, name.Version))
                         select new PayloadFile(PublishedIn(pair.Module), name.Name, version).Path)
                .Concat(from item in StoredEvents(codebase)
                        from number in PayloadFile.NumbersOf(codebase, item.Folder, item.Name)
                        select new PayloadFile(item.Folder, item.Name, number).Path).ToHashSet(StringComparer.Ordinal);
            return Outcome.Of(
                from module in codebase.Modules
                from folder in new[] { PublishedIn(module), StoredIn(module) }
                from path in PayloadFile.Below(codebase, folder)
                select path,
                path => known.Contains(path) || IsRetired(codebase, path) ? [] : [new Finding(path, "belongs to no event and version that the code knows")]);
        });

    private static string PublishedIn(ModuleUnderTest module) => $"modules/{module.Folder}/{module.Folder}.Contracts/Events";

    private static string StoredIn(ModuleUnderTest module) => $"modules/{module.Folder}/{module.Folder}.Tests/StoredEvents";

    private static bool IsRetired(Codebase codebase, string path)
    {
        var list = Path.Combine(codebase.Root, Path.GetDirectoryName(path)!, Retired);
        return File.Exists(list) && File.ReadLines(list).Any(line => line.Split(' ', 2) is [var name, { Length: > 0 }] && Path.GetFileName(path).StartsWith(name + ".v", StringComparison.Ordinal));
    }

    // The events of streams, found where the modules give them their stored names.
    private static IEnumerable<(string Folder, string Name, Type Type)> StoredEvents(Codebase codebase) =>
        from module in codebase.Modules
        from slice in new[] { module.Slice }.OfType<CompiledAssembly>()
        from line in slice.Code
        where line.Instruction.Operand is GenericInstanceMethod { Name: "MapEventType" }
        let name = line.Instruction.Previous is { OpCode.Code: Code.Ldstr } text ? (string)text.Operand : string.Empty
        let type = ((GenericInstanceMethod)line.Instruction.Operand).GenericArguments[0].FullName.Replace('/', '+')
        select (StoredIn(module), name, slice.Assembly.GetType(type, throwOnError: true)!);

    private static ISerializer StoredJson()
    {
        var options = new StoreOptions();
        ModuleStoreRegistration.UseJson(options);
        return options.Serializer();
    }

    private static Finding? Check(
        Codebase codebase, PayloadFile file, Type type, bool isCurrent, bool mustBeWhole, Func<string, object> read, Func<object, string> write)
    {
        if (file.ReadIn(codebase) is not { } kept)
        {
            return new Finding(type.Name, $"has no file {file.Path}" + (isCurrent ? $"; save in it: {Sample(type, write)}" : "; take it from the version control or from the log"));
        }

        try
        {
            var payload = read(kept);
            var written = write(payload);
            return isCurrent && !PayloadFile.AreEqual(kept, written) ? new Finding(type.Name, $"is written in another shape than {file.Path} has kept: {Sample(type, write)}")
                : mustBeWhole && PayloadFile.Unset(written) is { Count: > 0 } unset ? new Finding(type.Name, $"does not set {string.Join(", ", unset)} from {file.Path}")
                : null;
        }
        catch (Exception exception) when (exception is UnreadableEventException or JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return new Finding(type.Name, $"cannot read {file.Path}: {exception.Message}");
        }
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
