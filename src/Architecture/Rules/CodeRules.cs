using System.Collections.Frozen;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What the code of a module may not call.</summary>
public static class CodeRules
{
    private const string AsyncVoidBuilder = "System.Runtime.CompilerServices.AsyncVoidMethodBuilder";

    private static readonly FrozenDictionary<string, string> Clocks = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["System.DateTime.get_Now"] = "DateTime.Now",
        ["System.DateTime.get_UtcNow"] = "DateTime.UtcNow",
        ["System.DateTime.get_Today"] = "DateTime.Today",
        ["System.DateTimeOffset.get_Now"] = "DateTimeOffset.Now",
        ["System.DateTimeOffset.get_UtcNow"] = "DateTimeOffset.UtcNow",
        ["System.Environment.get_TickCount"] = "Environment.TickCount",
        ["System.Environment.get_TickCount64"] = "Environment.TickCount64",
        ["System.TimeProvider.get_System"] = "TimeProvider.System",
        ["System.Threading.Timer..ctor"] = "new Timer",
        ["System.Timers.Timer..ctor"] = "new Timer",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What waits for a time: by the machine's clock, unless it is given another one.
    private static readonly FrozenDictionary<string, string> Waits = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["System.Threading.Tasks.Task.Delay"] = "Task.Delay without a TimeProvider",
        ["System.Threading.PeriodicTimer..ctor"] = "new PeriodicTimer without a TimeProvider",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Most uses are of none of them, and are not worth making a name for.
    private static readonly FrozenSet<string> ClockTypes = Clocks.Keys.Concat(Waits.Keys).Select(static name => name[..name.LastIndexOf('.')].TrimEnd('.')).ToFrozenSet(StringComparer.Ordinal);

    // Whether a call may only look, with a timeout of zero.
    private static readonly FrozenDictionary<string, bool> Blocking = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["System.Threading.Thread.Sleep"] = false,
        ["System.Threading.Thread.Join"] = false,
        ["System.Threading.Thread.SpinWait"] = false,
        ["System.Threading.SpinWait.SpinUntil"] = false,
        ["System.Threading.Tasks.Task.Wait"] = false,
        ["System.Threading.Tasks.Task.WaitAll"] = false,
        ["System.Threading.Tasks.Task.WaitAny"] = false,
        ["System.Threading.Tasks.Task.RunSynchronously"] = false,
        ["System.Threading.Tasks.TaskAsyncEnumerableExtensions.ToBlockingEnumerable"] = false,
        ["System.Threading.Monitor.Wait"] = false,
        ["System.Threading.WaitHandle.WaitOne"] = true,
        ["System.Threading.WaitHandle.WaitAll"] = false,
        ["System.Threading.WaitHandle.WaitAny"] = false,
        ["System.Threading.SemaphoreSlim.Wait"] = true,
        ["System.Threading.ManualResetEventSlim.Wait"] = true,
        ["System.Threading.CountdownEvent.Wait"] = true,
        ["System.Threading.Barrier.SignalAndWait"] = false,
        ["System.Diagnostics.Process.WaitForExit"] = false,
        ["System.Net.Http.HttpClient.Send"] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Time comes from the TimeProvider that is injected.</summary>
    public static readonly Rule TimeComesFromTimeProvider = new(
        "time-comes-from-time-provider",
        "Code that reads the machine's clock itself cannot be tested at midnight, at an expiry or a year from now.",
        "Inject TimeProvider and call GetUtcNow(); give it to Task.Delay and to timers. To measure how long something takes, Stopwatch is right.",
        static context => ModuleCode.Uses(context, static (type, _) => ClockTypes.Contains(type.FullName), static (_, use) => Clock(use) is { } clock ? "calls " + clock : null))
    {
        Plant = static canary => Call(canary, "ReadsTheClock", "System.Runtime", "System.DateTime", "get_UtcNow"),
    };

    /// <summary>Ids are UUIDs of version 7 with the injected time.</summary>
    public static readonly Rule IdsAreVersion7 = new(
        "ids-are-version-7",
        "Random ids scatter inserts over the whole index; an id from the machine's clock ignores the one that tests set.",
        "Use Guid.CreateVersion7(timeProvider.GetUtcNow()).",
        static context => ModuleCode.Uses(context, static (type, _) => type.FullName == "System.Guid", static (_, use) => use.Target.FullName != "System.Guid" ? null : use.Member switch
        {
            "NewGuid" => "calls Guid.NewGuid",
            "CreateVersion7" when use.ParameterCount == 0 => "calls Guid.CreateVersion7 without a time",
            _ => null,
        }))
    {
        Plant = static canary => Call(canary, "MakesRandomIds", "System.Runtime", "System.Guid", "NewGuid"),
    };

    /// <summary>No thread waits.</summary>
    public static readonly Rule NothingBlocks = new(
        "nothing-blocks",
        "A thread that waits for a task is lost to all other requests; a few of them stop the host.",
        "Make the method async and await; wait for time with Task.Delay(…, timeProvider, cancellationToken).",
        static context => ModuleCode.Uses(context, MayBlock, static (_, use) => BlockingCall(use) is { } call ? "calls " + call : null))
    {
        Plant = static canary => Call(canary, "BlocksItsThread", "System.Threading", "System.Threading.Thread", "Sleep", canary.Slice.TypeSystem.Int32),
    };

    /// <summary>Nobody starts what nobody can wait for.</summary>
    public static readonly Rule NoAsyncVoid = new(
        "no-async-void",
        "Nobody can wait for an async method without a task, and an exception in it ends the process.",
        "Return Task and await it; give work that goes on in the background to a BackgroundService. A lambda that is async needs a delegate that returns a task: Func<Task>, not Action.",
        static context => ModuleCode.Check(context.Graph, static (type, _) => type.FullName == AsyncVoidBuilder, member => AsyncVoid(context.Graph, member)))
    {
        Plant = static canary => Call(canary, "ForgetsItsTask", "System.Runtime", AsyncVoidBuilder, "Create"),
    };

    /// <summary>What is saved is audited.</summary>
    public static readonly Rule ChangesAreRecorded = new(
        "changes-are-recorded",
        "What is saved outside of the unit of work is not in the audit log, and nobody can tell who changed it.",
        "Change data through IModuleSession in a command or a handler of events; bulk work in a transaction of its own calls IAuditLog.Record before it saves.",
        static context =>
        {
            // Whether a type that tells the audit log of something tells of everything is for a reviewer; that it says nothing at all is found here.
            var recording = ModuleCode.Using(context.Graph, static (type, _) => type.FullName == "ModularMonolith.Platform.Audit.IAuditLog")
                .Select(static member => (member.Assembly.Name, ModuleCode.Outermost(member.Type))).ToHashSet();
            return ModuleCode.Uses(context, static (_, name) => name is not null && Saves(name), (member, use) => Saves(use.Member!) && !recording.Contains((member.Assembly.Name, ModuleCode.Outermost(member.Type))) ? $"calls {use.Target.Name}.{use.Member}" : null);
        })
    {
        Plant = static canary => Call(canary, "SavesInSilence", "Marten", "Marten.IDocumentSession", "SaveChangesAsync", isStatic: false),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [TimeComesFromTimeProvider, IdsAreVersion7, NothingBlocks, NoAsyncVoid, ChangesAreRecorded];

    private static string? Clock(Use use)
    {
        if (!ClockTypes.Contains(use.Target.FullName))
        {
            return null;
        }

        var name = use.Target.FullName + "." + use.Member;
        return Clocks.GetValueOrDefault(name) ?? (use.TakesTimeProvider ? null : Waits.GetValueOrDefault(name));
    }

    private static bool MayBlock(TypeName type, string? called) => type.FullName.StartsWith("System.", StringComparison.Ordinal)
        && (called is "get_Result" or "GetResult" or "Take" or "GetConsumingEnumerable" || Blocking.ContainsKey(type.FullName + "." + called));

    private static string? BlockingCall(Use use)
    {
        var type = use.Target.FullName;
        if (!type.StartsWith("System.", StringComparison.Ordinal))
        {
            return null;
        }

        return (type, use.Member) switch
        {
            ("System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask`1", "get_Result") => "Task.Result",
            (_, "GetResult") when !use.IsAwait && type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) && type.Contains("Awaiter", StringComparison.Ordinal) => "GetAwaiter().GetResult()",
            ("System.Collections.Concurrent.BlockingCollection`1", "Take" or "GetConsumingEnumerable") => "BlockingCollection." + use.Member,
            _ => Blocking.TryGetValue(type + "." + use.Member, out var mayLook) && !(mayLook && use.Polls) ? $"{use.Target.Name}.{use.Member}" : null,
        };
    }

    // The compiler drives an async method without a task with a builder of its own, in methods and in lambdas alike.
    private static IEnumerable<Finding> AsyncVoid(CodeGraph graph, MemberOf member)
    {
        var use = member.Member.Uses.FirstOrDefault(static use => use.Target.FullName == AsyncVoidBuilder && use.Span is not null)
            ?? member.Member.Uses.FirstOrDefault(static use => use.Target.FullName == AsyncVoidBuilder);
        var isMethod = member.Member.Is(MemberFlags.Async) && member.Member.Type is null;
        return use is null ? [] : [member.Finding(isMethod ? "is async and returns no task" : "has an async lambda that returns no task", isMethod ? SourceLines.Declaration(graph, member.Type, member.Member) ?? member.Member.Place : use.Span)];
    }

    private static bool Saves(string called) =>
        called.StartsWith("SaveChanges", StringComparison.Ordinal) || called.StartsWith("ExecuteNonQuery", StringComparison.Ordinal)
        || called.StartsWith("BulkInsert", StringComparison.Ordinal) || called.StartsWith("BeginBinaryImport", StringComparison.Ordinal);

    private static void Call(Canary canary, string name, string assembly, string type, string method, TypeReference? parameter = null, bool isStatic = true) => canary.Code(name, (module, code) =>
    {
        var target = Canary.Type(module, assembly, type);
        code.Emit(isStatic ? OpCodes.Call : OpCodes.Callvirt, Canary.Method(module, target, method, isStatic, parameter is null ? [] : [parameter]));
    });
}
