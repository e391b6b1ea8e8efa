using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Services that modules get out of the container.</summary>
public static class ServiceRules
{
    private const string ClientFactory = "System.Net.Http.IHttpClientFactory";
    private const string Container = "Microsoft.Extensions.DependencyInjection";

    /// <summary>Nothing of another module is fetched from the container, and handlers say what they need.</summary>
    public static readonly Rule NoServiceLocation = new(
        "no-service-location",
        "What is fetched from the container while the code runs stands in no signature: nobody sees the dependency, and it fails only when it is reached.",
        "Take what you need as a parameter of the constructor. Ask another module with a request through ISender. A background service may open a scope for its module's own services.",
        static context =>
        {
            var places = new LegalPlaces(context.Graph);
            return ModuleCode.Check(context.Graph, Resolves, member => Located(context.Graph, member, places));
        })
    {
        Plant = static canary => canary.Code("FetchesAtRunTime", (module, code) =>
        {
            var other = canary.Other.Contracts!;
            var method = Canary.Method(module, Canary.Type(module, Container + ".Abstractions", Container + ".ServiceProviderServiceExtensions"), "GetRequiredService", true, module.TypeSystem.Object);
            method.GenericParameters.Add(new GenericParameter(method));
            var resolved = new GenericInstanceMethod(method);
            resolved.GenericArguments.Add(Canary.Type(module, other.Name, other.Types[0].Name.FullName));
            code.Emit(OpCodes.Ldnull);
            code.Emit(OpCodes.Call, resolved);
        }),
    };

    /// <summary>A module injects its own services and the platform's.</summary>
    public static readonly Rule ServicesStayInTheirModule = new(
        "services-stay-in-their-module",
        "A service that one module registers and another one injects couples both inside of one process, past the requests and events that can be versioned, audited and moved elsewhere.",
        "Make the service's methods requests in its module's Contracts and send them through ISender, or keep what you need from its events.",
        static context =>
        {
            var services = new RegisteredServices(context);
            return Outcome.Of(context.Graph.Modules.SelectMany(static module => module.Assemblies.Select(assembly => (module, assembly))), item => Injected(context.Graph, services, item.module, item.assembly));
        })
    {
        Plant = static canary =>
        {
            var services = new RegisteredServices(canary.Context);
            var foreign = services.Own.FirstOrDefault(pair => pair.Owner.Folder != canary.Module.Folder).Service
                ?? throw new ArchitectureException("No other module registers a service of its own.");
            var type = canary.Class("BorrowsAService");
            var constructor = new MethodDefinition(".ctor", MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, canary.Slice.TypeSystem.Void);
            constructor.Parameters.Add(new ParameterDefinition(Canary.Type(canary.Slice, foreign.Assembly, foreign.FullName)));
            constructor.Body.GetILProcessor().Emit(OpCodes.Ret);
            type.Methods.Add(constructor);
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [NoServiceLocation, ServicesStayInTheirModule];

    private static IEnumerable<Finding> Located(CodeGraph graph, MemberOf member, LegalPlaces places)
    {
        foreach (var use in member.Member.Uses)
        {
            if (!Resolves(use.Target, use.Member))
            {
                continue;
            }

            var resolved = Resolved(member.Member, use);
            if (resolved.Select(type => ModuleCode.Foreign(graph, member.Module, type)).FirstOrDefault(static found => found is not null) is { } foreign)
            {
                yield return member.Finding(use, $"fetches {resolved[0]} of {foreign.Owner.Folder} from the container") with { To = Describe.Target(foreign.Type, null) };
            }
            else if (resolved.Count == 0 || resolved.Any(static type => type.IsParameter))
            {
                yield return member.Finding(use, "fetches from the container what only the running program knows");
            }
            else if (!places.Include(member))
            {
                yield return member.Finding(use, $"fetches {resolved[0]} from the container");
            }
        }
    }

    private static bool Resolves(TypeName type, string? called) => called is not null && type.FullName switch
    {
        Container + ".ServiceProviderServiceExtensions" or Container + ".ServiceProviderKeyedServiceExtensions" or Container + ".IKeyedServiceProvider" or "System.IServiceProvider" =>
            called.StartsWith("Get", StringComparison.Ordinal),
        Container + ".ActivatorUtilities" => called is "CreateInstance" or "GetServiceOrCreateInstance" or "CreateFactory",
        _ => false,
    };

    // The type argument, or what typeof says in the same statement.
    private static IReadOnlyList<TypeName> Resolved(MemberFacts member, Use use) => use.MemberArguments.Count > 0
        ? use.MemberArguments
        : [.. member.Uses.Where(other => other.Kind == EdgeKind.TypeUse && ModuleCode.IsSameStatement(use, other)).Select(static other => other.Target)];

    private static IEnumerable<Finding> Injected(CodeGraph graph, RegisteredServices services, Module module, AssemblyFacts assembly)
    {
        var users = graph.MembersUsing(assembly, (type, called) => called is not null && (services.OwnerOf(module, type) is not null || (called == "CreateClient" && type.FullName == ClientFactory)))
            .ToLookup(static found => found.Type, static found => found.Member, ReferenceEqualityComparer.Instance as IEqualityComparer<TypeFacts>);
        return assembly.Types.SelectMany(type => Injected(services, module, type, users[type]));
    }

    private static IEnumerable<Finding> Injected(RegisteredServices services, Module module, TypeFacts type, IEnumerable<MemberFacts> users)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in type.Members)
        {
            if (type.IsRecord && member.Kind == MemberKind.Constructor)
            {
                continue;
            }

            foreach (var parameter in member.Parameters)
            {
                if (parameter.Attributes.FirstOrDefault(static attribute => attribute.Type.FullName == Container + ".FromKeyedServicesAttribute") is { Arguments: [var key, ..] } && services.OwnerOfKey(module, key) is { } keeper)
                {
                    yield return Finding.Of(type, member, module, $"injects {parameter.Type.Name} under the key '{key}', a service of {keeper.Folder}") with { To = Describe.Target(parameter.Type, null), Kind = EdgeKind.TypeUse };
                }

                foreach (var part in parameter.Type.Flatten())
                {
                    // Types of the framework are also handed around by hand: only what the container makes, asks it for them.
                    if (!services.IsOfTheRepository(part) && (member.Kind != MemberKind.Constructor || !services.IsMade(type)))
                    {
                        continue;
                    }

                    if (services.OwnerOf(module, part) is { } owner && seen.Add(part.FullName))
                    {
                        yield return Finding.Of(type, member, module, $"injects {part}, a service of {owner.Folder}") with { To = Describe.Target(part, null), Kind = EdgeKind.TypeUse };
                    }
                }
            }
        }

        // What the parameters of lambdas are shows only in what is done with them.
        foreach (var member in users)
        {
            foreach (var use in member.Uses)
            {
                if (use is { Member: "CreateClient", Target.FullName: ClientFactory, Texts: [{ } client, ..] } && services.OwnerOfClient(module, client) is { } configurer)
                {
                    yield return new Finding(Describe.Member(type, member), $"uses the HTTP client '{client}', a service of {configurer.Folder}") { Module = module.Folder, To = Describe.Target(use.Target, use.Member), Kind = EdgeKind.Call, Span = use.Span ?? member.Place };
                }

                // In the routes of an endpoint a parameter is what the container gives.
                if (use.Kind == EdgeKind.Call && !use.Creates && use.Member is not null && (services.IsOfTheRepository(use.Target) || services.IsEndpoint(type)) && services.OwnerOf(module, use.Target) is { } owner && seen.Add(use.Target.FullName))
                {
                    yield return Finding.Of(type, member, module, $"uses {use.Target}, a service of {owner.Folder}") with { To = Describe.Target(use.Target, use.Member), Kind = EdgeKind.Call, Span = use.Span ?? member.Place };
                }
            }
        }
    }
}
