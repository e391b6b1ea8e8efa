using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>What the compiled code of a module may not do.</summary>
internal static partial class CodeRules
{
    private static readonly Dictionary<string, string> Clocks = new(StringComparer.Ordinal)
    {
        ["System.DateTime::get_Now"] = "DateTime.Now",
        ["System.DateTime::get_UtcNow"] = "DateTime.UtcNow",
        ["System.DateTime::get_Today"] = "DateTime.Today",
        ["System.DateTimeOffset::get_Now"] = "DateTimeOffset.Now",
        ["System.DateTimeOffset::get_UtcNow"] = "DateTimeOffset.UtcNow",
    };

    private static readonly string[] MutableCollections = ["List`1", "Dictionary`2", "HashSet`1", "Queue`1", "Stack`1", "SortedDictionary`2", "ConcurrentDictionary`2", "ConcurrentBag`1", "ConcurrentQueue`1"];

    public static readonly Rule TimeComesFromTimeProvider = new(
        "time-comes-from-time-provider",
        "Code that reads the machine's clock itself cannot be tested at midnight, at an expiry or a year from now.",
        "Inject TimeProvider and call GetUtcNow().",
        codebase => Calls(codebase, (_, called) => Clocks.GetValueOrDefault(Name(called))));

    public static readonly Rule IdsAreVersion7 = new(
        "ids-are-version-7",
        "Random ids scatter inserts over the whole index; an id from the machine's clock ignores the one that tests set.",
        "Use Guid.CreateVersion7(timeProvider.GetUtcNow()).",
        codebase => Calls(codebase, (_, called) => Name(called) switch
        {
            "System.Guid::NewGuid" => "Guid.NewGuid",
            "System.Guid::CreateVersion7" when called.Parameters.Count == 0 => "Guid.CreateVersion7 without a time",
            _ => null,
        }));

    public static readonly Rule NothingBlocks = new(
        "nothing-blocks",
        "A thread that waits for a task is lost to all other requests; a few of them stop the host.",
        "Make the method async and await; wait for time with Task.Delay(…, timeProvider, cancellationToken).",
        codebase => Calls(codebase, BlockingCall));

    public static readonly Rule NoSharedState = new(
        "no-static-mutable-state",
        "State in a static field is shared by all requests and tests and lost with the process.",
        "Keep state in the module's store; keep constants readonly and in frozen or read-only collections.",
        codebase => Outcome.Of(
            codebase.ModuleAssemblies.SelectMany(pair => pair.Assembly.Code).DistinctBy(line => line.Owner).Select(line => line.Owner),
            owner => WithNested(owner).SelectMany(type => type.Fields)
                .Where(field => field is { IsStatic: true, IsLiteral: false } && !field.Name.Contains('<', StringComparison.Ordinal) && !field.DeclaringType.Name.Contains('<', StringComparison.Ordinal))
                .Where(field => !field.IsInitOnly || Array.Exists(MutableCollections, name => field.FieldType.GetElementType().Name == name))
                .Select(field => new Finding(owner.Name + "." + field.Name, "is static and can change"))));

    public static readonly Rule SqlStaysInItsSchema = new(
        "sql-stays-in-its-schema",
        "The database refuses a statement that names another module's schema, and its tables are that module's secret.",
        "Ask the other module with a request, or keep what you need from its events; write events with Publish. SQL needs no schema name: the search path is the module's own.",
        codebase =>
        {
            var schemas = codebase.Modules.Select(module => module.Name).Append("integration").Append("public").ToList();
            return Outcome.Of(
                from pair in codebase.ModuleAssemblies
                from line in pair.Assembly.Code
                where line.Instruction.OpCode == OpCodes.Ldstr
                select (pair.Module, line, text: (string)line.Instruction.Operand),
                item => SqlPattern().IsMatch(item.text)
                    ? schemas.Where(schema => schema != item.Module.Name && Names(item.text, schema)).Select(schema => new Finding(item.line.Where, $"names the schema {schema} in SQL", item.line.Location))
                    : []);
        });

    // Whether a type that tells the audit log of something tells of everything is for a reviewer; that it says nothing at all is found here.
    public static readonly Rule ChangesAreRecorded = new(
        "changes-are-recorded",
        "What is saved outside of the unit of work is not in the audit log, and nobody can tell who changed it.",
        "Change data through IModuleSession in a command or a handler of events; bulk work in a transaction of its own calls IAuditLog.Record before it saves.",
        codebase =>
        {
            var recording = codebase.ModuleAssemblies.SelectMany(static pair => pair.Assembly.Code)
                .Where(static line => line.Instruction.Operand is MethodReference { DeclaringType.FullName: "ModularMonolith.Platform.Audit.IAuditLog" })
                .Select(static line => line.Owner).ToHashSet();
            return Calls(codebase, (line, called) => Saves(called) && !recording.Contains(line.Owner) ? called.DeclaringType.Name + "." + called.Name : null);
        });

    private static bool Saves(MethodReference called) =>
        called.Name.StartsWith("SaveChanges", StringComparison.Ordinal) || called.Name.StartsWith("ExecuteNonQuery", StringComparison.Ordinal)
        || called.Name.StartsWith("BulkInsert", StringComparison.Ordinal) || called.Name.StartsWith("BeginBinaryImport", StringComparison.Ordinal);

    private static Outcome Calls(Codebase codebase, Func<CodeLine, MethodReference, string?> forbidden) => Outcome.Of(
        from pair in codebase.ModuleAssemblies
        from line in pair.Assembly.Code
        where line.Instruction.Operand is MethodReference
        select line,
        line => forbidden(line, (MethodReference)line.Instruction.Operand) is { } name ? [new Finding(line.Where, "calls " + name, line.Location)] : []);

    private static string? BlockingCall(CodeLine line, MethodReference called)
    {
        var type = called.DeclaringType.GetElementType().FullName;
        return (type, called.Name) switch
        {
            ("System.Threading.Thread", "Sleep") => "Thread.Sleep",
            ("System.Threading.Tasks.Task", "Wait" or "WaitAll" or "WaitAny") => "Task." + called.Name,
            ("System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1", "get_Result") => "Task.Result",
            (_, "GetResult") when type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) && type.Contains("Awaiter", StringComparison.Ordinal) && !IsAwait(line) => "GetAwaiter().GetResult()",
            _ => null,
        };
    }

    // An await asks whether the task is complete before it takes the result; a blocking call takes it right after GetAwaiter.
    private static bool IsAwait(CodeLine line)
    {
        if (line.Method.DeclaringType.Interfaces.All(contract => contract.InterfaceType.Name != nameof(IAsyncStateMachine)))
        {
            return false;
        }

        for (var before = line.Instruction.Previous; before is not null; before = before.Previous)
        {
            if (before.Operand is MethodReference method)
            {
                return method.Name != "GetAwaiter";
            }
        }

        return true;
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static string Name(MethodReference called) => called.DeclaringType.FullName + "::" + called.Name;

    private static bool Names(string sql, string schema) =>
        Regex.IsMatch(sql, $@"(?<![\w.$'])""?{Regex.Escape(schema)}""?\s*\.\s*[""a-z_]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\b(select|insert\s+into|update|delete\s+from|join|from|truncate|alter|create)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SqlPattern();
}
