using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Whose settings a module reads.</summary>
public static class SettingRules
{
    private const string Builder = "ModularMonolith.Platform.Modules.ModuleBuilder";

    // Where the platform keeps what opens the database to it.
    private static readonly string[] Closed = ["ConnectionStrings", "Database"];

    /// <summary>A module reads its own section.</summary>
    public static readonly Rule SettingsAreOwn = new(
        "settings-are-own",
        "A module's settings are a part of its inside. Whoever else reads them breaks when they are renamed, and cannot run where they are not set; the platform's connection strings open every module's data.",
        "Read the module's own section, which ModuleBuilder.Configuration is. Give the module a setting of its own, or ask the other module with a request of its Contracts.",
        static context =>
        {
            var owners = context.Graph.Modules.DistinctBy(static module => module.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static module => module.Name, StringComparer.OrdinalIgnoreCase);
            var given = GivenTheirSection(context.Graph);
            return ModuleCode.Check(
                context.Graph,
                Settings.IsKey,
                member => from found in Settings.KeysOf(member.Member)
                          where !IsInOwnSection(member, found.Use, given)
                          let whose = Foreign(owners, member, found.Key)
                          where whose is not null
                          select member.Finding($"reads '{found.Key.Replace(TextUse.Hole, '…')}', {whose}", SourceLines.OfText(context.Graph, found.Use.Span, found.Key) ?? found.Use.Span) with { To = found.Key });
        })
    {
        Plant = static canary => canary.Code("ReadsOthersSettings", (module, code) =>
        {
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldnull);
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldstr, canary.Other.Name + ":Canary");
            code.Emit(Mono.Cecil.Cil.OpCodes.Callvirt, Canary.Method(
                module, Canary.Type(module, "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Configuration.IConfiguration"), "GetSection", isStatic: false, module.TypeSystem.String));
        }),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [SettingsAreOwn];

    private static string? Foreign(Dictionary<string, Module> owners, MemberOf member, string key)
    {
        var parts = key.Split(':');
        var section = parts[0].Equals("Modules", StringComparison.OrdinalIgnoreCase) && parts.Length > 1 ? parts[1] : parts[0];
        return owners.TryGetValue(section, out var owner) ? owner.Folder == member.Module.Folder ? null : "a setting of " + owner.Folder
            : Array.Exists(Closed, name => name.Equals(section, StringComparison.OrdinalIgnoreCase)) ? "which is the platform's"
            : null;
    }

    // Below the module's own section a key may be named like another module. What is bound by its path begins at the top.
    private static bool IsInOwnSection(MemberOf member, Use use, HashSet<(string Assembly, string Type)> given) => use.Member != "BindConfiguration"
        && (given.Contains((member.Assembly.Name, ModuleCode.Outermost(member.Type)))
            || (member.Member.Uses.Any(IsOwnSection) && !member.Member.Uses.Any(other => other.Target.FullName.StartsWith("Microsoft.Extensions.DependencyInjection.ServiceProvider", StringComparison.Ordinal) && ModuleCode.IsSameStatement(use, other))));

    private static bool IsOwnSection(Use use) => use is { Target.FullName: Builder, Member: "get_Configuration" };

    // Types to whose members code hands the module's section, and those to which these hand on what they were given.
    private static HashSet<(string Assembly, string Type)> GivenTheirSection(CodeGraph graph)
    {
        var takes = ModuleCode.Members(graph).Where(static member => member.Member.Parameters.Any(static parameter => Settings.IsConfiguration(parameter.Type)))
            .Select(static member => (member.Assembly.Name, Type: member.Type.Name.FullName)).ToHashSet();
        var given = new HashSet<(string Assembly, string Type)>();
        var calls = new List<((string Assembly, string Type) From, (string Assembly, string Type) To)>();
        foreach (var member in takes.Count == 0 ? [] : ModuleCode.Using(graph, (type, called) => called is not null && takes.Contains((type.Assembly, type.FullName))))
        {
            foreach (var use in member.Member.Uses)
            {
                if (use.Kind == EdgeKind.Call && takes.Contains((use.Target.Assembly, use.Target.FullName)))
                {
                    var target = (use.Target.Assembly, ModuleCode.Outermost(use.Target.FullName));
                    calls.Add(((member.Assembly.Name, ModuleCode.Outermost(member.Type)), target));
                    if (member.Member.Uses.Any(other => IsOwnSection(other) && ModuleCode.IsSameStatement(use, other)))
                    {
                        given.Add(target);
                    }
                }
            }
        }

        while (calls.Any(call => given.Contains(call.From) && given.Add(call.To)))
        {
            // Until nobody hands on any more.
        }

        return given;
    }
}
