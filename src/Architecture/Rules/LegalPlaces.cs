using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>
/// Where a module may fetch its own services from the container: where it registers them, in what the host starts by itself, and in a singleton that opens a scope for what lives
/// shorter than it does.
/// </summary>
internal sealed class LegalPlaces
{
    private const string Services = "Microsoft.Extensions.DependencyInjection.IServiceCollection";
    private const string Builder = "ModularMonolith.Platform.Modules.ModuleBuilder";
    private readonly HashSet<(string Assembly, string Type)> _types = [];
    private readonly HashSet<(string Assembly, string Type)> _singletons = [];

    public LegalPlaces(CodeGraph graph)
    {
        foreach (var assembly in graph.Modules.SelectMany(static module => module.Assemblies))
        {
            foreach (var type in assembly.Types)
            {
                if (type.Attribute(WellKnown.LocatesServices) is not null || graph.Is(type, WellKnown.ModuleInterface) || graph.Ancestors(type).Any(static ancestor => ancestor.FullName is "Microsoft.Extensions.Hosting.IHostedService" or "Microsoft.Extensions.Hosting.BackgroundService")
                    || type.Members.Any(static member => member.Parameters.Any(static parameter => parameter.Type.FullName is Services or Builder)))
                {
                    _types.Add((assembly.Name, ModuleCode.Outermost(type)));
                }
            }

            foreach (var use in graph.MembersUsing(assembly, static (_, called) => RegistersSingleton(called)).SelectMany(static found => found.Member.Uses))
            {
                if (RegistersSingleton(use.Member) && use.MemberArguments.Count > 0)
                {
                    _singletons.Add((use.MemberArguments[^1].Assembly, use.MemberArguments[^1].FullName));
                }
            }
        }
    }

    private static bool RegistersSingleton(string? called) => called is "AddSingleton" or "TryAddSingleton";

    public bool Include(MemberOf member)
    {
        var type = (member.Assembly.Name, ModuleCode.Outermost(member.Type));
        return _types.Contains(type) || (_singletons.Contains(type) && member.Member.Uses.Any(static use => use.Member is "CreateScope" or "CreateAsyncScope"));
    }
}
