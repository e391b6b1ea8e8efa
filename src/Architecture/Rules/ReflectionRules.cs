using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Ways around the compiler.</summary>
public static class ReflectionRules
{
    private const string Accessor = "System.Runtime.CompilerServices.UnsafeAccessorAttribute";
    private const string AccessorType = "System.Runtime.CompilerServices.UnsafeAccessorTypeAttribute";
    private const string IgnoresAccess = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    /// <summary>Types and members of others are not looked up by their names.</summary>
    public static readonly Rule NoReflectionByName = new(
        "no-reflection-by-name",
        "A name in a text is a dependency that no compiler checks and no diagram shows; it breaks at run time when the other module renames something.",
        "Use the other module's Contracts, which the compiler checks. Reflection on a module's own types and on the framework's is free: start from typeof.",
        static context =>
        {
            var names = new Dictionary<string, (string Assembly, Module Owner)>(StringComparer.Ordinal);
            foreach (var (module, assembly, type) in context.Graph.Modules.SelectMany(static module => module.Assemblies.SelectMany(assembly => assembly.Types.Select(type => (module, assembly, type)))))
            {
                names.TryAdd(type.Name.FullName.Replace('/', '+'), (assembly.Name, module));
            }

            var reflecting = ModuleCode.SetUsing(context.Graph, static (type, called) => called is not null && ReflectionCheck.Types.Contains(type.FullName));
            return Outcome.Of(ModuleCode.Members(context.Graph), member => ReflectionCheck.Find(context.Graph, names, member, reflecting.Contains(member.Member)));
        })
    {
        Plant = static canary => canary.Code("LooksTypesUp", (module, code) =>
        {
            var type = Canary.Type(module, "System.Runtime", "System.Type");
            var other = canary.Other;
            code.Emit(OpCodes.Ldstr, $"{(other.Slice!.Types.Count > 0 ? other.Slice.Types[0].Name.FullName : other.Slice.Name)}, {other.Slice.Name}");
            code.Emit(OpCodes.Call, Canary.Method(module, type, "GetType", true, module.TypeSystem.String));
        }),
    };

    /// <summary>Nobody opens what another assembly has closed.</summary>
    public static readonly Rule NoUnsafeAccessor = new(
        "no-unsafe-accessor",
        "What is private or internal may change without notice. Code that reaches it all the same breaks with the next version, and the boundary between modules is only what this rule holds.",
        "Use what the type shows, or ask its owner to show what you need.",
        static context => Outcome.Of(
            context.Graph.Modules.SelectMany(static module => module.Assemblies.SelectMany(assembly => assembly.Types.Select(type => (module, assembly, type)))), item => Accessors(context.Graph, item.module, item.assembly, item.type)))
    {
        Plant = static canary =>
        {
            var module = canary.Slice;
            var method = new MethodDefinition("Open", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Void);
            method.Parameters.Add(new ParameterDefinition(Canary.Type(module, canary.Other.Contracts!.Name, canary.Other.Contracts.Types[0].Name.FullName)));
            method.Body.GetILProcessor().Emit(OpCodes.Ret);
            method.CustomAttributes.Add(new CustomAttribute(Canary.Method(module, Canary.Type(module, "System.Runtime", Accessor), ".ctor", isStatic: false)));
            canary.Class("OpensWhatIsClosed").Methods.Add(method);
        },
    };

    /// <summary>Calls are checked by the compiler.</summary>
    public static readonly Rule NoDynamic = new(
        "no-dynamic",
        "Behind dynamic stands any type of any module; what is called on it shows in no signature and no compiler checks it.",
        "Use the type, a generic parameter or an interface; for JSON use JsonElement or a record. Send a request under its own type.",
        static context => Outcome.Of(
            context.Graph.Modules.SelectMany(static module => module.Assemblies.Select(assembly => (module, assembly))), item => Dynamics(context.Graph, item.module, item.assembly)))
    {
        Plant = static canary => canary.Code("TakesAnything", static (module, code) =>
            code.Emit(OpCodes.Call, Canary.Method(module, Canary.Type(module, "Microsoft.CSharp", "Microsoft.CSharp.RuntimeBinder.Binder"), "InvokeMember", true))),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [NoReflectionByName, NoUnsafeAccessor, NoDynamic];

    private static IEnumerable<Finding> Accessors(CodeGraph graph, Module module, AssemblyFacts assembly, TypeFacts type)
    {
        foreach (var member in type.Members)
        {
            // A constructor is asked for what it makes, anything else for its first parameter; UnsafeAccessorKind.Constructor is 0.
            var target = member.Attribute(Accessor)?.Arguments is ["0", ..] ? member.Type : member.Parameters.Count > 0 ? member.Parameters[0].Type : null;
            var named = member.Attribute(Accessor) is null ? null : member.Parameters.SelectMany(static parameter => parameter.Attributes).Concat(member.Attributes).Where(static attribute => attribute.Type.FullName == AccessorType)
                .SelectMany(static attribute => attribute.Arguments).FirstOrDefault();
            foreach (var use in member.Uses)
            {
                if (use.ReachesHidden && !member.Uses.Any(other => other.Kind == EdgeKind.TypeUse && other.Target.Assembly == assembly.Name && ModuleCode.IsSameStatement(use, other)))
                {
                    var text = use.Texts.FirstOrDefault(static text => text is not null);
                    yield return new MemberOf(module, assembly, type, member).Finding(use, text is null ? "looks for members that are not public" : $"looks for '{text}' among members that are not public");
                }
            }

            if (member.Attribute(Accessor) is not null && (named is not null || target is null || target.Assembly != assembly.Name))
            {
                var name = named ?? (target is null ? "a type" : Describe.Target(target, null));
                yield return Finding.Of(type, member, module, $"opens what {name} keeps closed") with { To = named ?? name, Span = SourceLines.Declaration(graph, type, member) ?? member.Place ?? type.Place };
            }
        }

        if (type.Name.FullName == IgnoresAccess)
        {
            yield return Finding.Of(type, null, module, "lets the assembly ignore what others keep closed");
        }

        // The assembly's own attributes have no place; the first type stands for them.
        if (assembly.Types.Count > 0 && ReferenceEquals(assembly.Types[0], type) && assembly.Attributes.FirstOrDefault(static attribute => attribute.Type.FullName == IgnoresAccess) is { } ignores)
        {
            var opened = ignores.Arguments is [var name, ..] ? name : "others";
            yield return new Finding(assembly.Name, $"ignores what {opened} keeps closed") { Module = module.Folder, To = opened, Kind = EdgeKind.AttributeArgument };
        }
    }

    private static IEnumerable<Finding> Dynamics(CodeGraph graph, Module module, AssemblyFacts assembly)
    {
        var users = graph.MembersUsing(assembly, static (type, called) => IsDynamic(type) || IsSender(type, called)).Select(static found => found.Member).ToHashSet(ReferenceEqualityComparer.Instance as IEqualityComparer<MemberFacts>);
        return assembly.Types.SelectMany(type => Dynamics(module, assembly, type, users));
    }

    private static IEnumerable<Finding> Dynamics(Module module, AssemblyFacts assembly, TypeFacts type, HashSet<MemberFacts> users)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in type.Members)
        {
            if (member.Is(MemberFlags.Dynamic) && !member.Name.StartsWith('<') && seen.Add(member.SourceName))
            {
                yield return new MemberOf(module, assembly, type, member).Finding("is dynamic");
            }
            else if (users.Contains(member) && member.Uses.FirstOrDefault(static use => IsDynamic(use.Target) || SendsAnything(use)) is { } use && seen.Add(member.SourceName))
            {
                yield return new MemberOf(module, assembly, type, member).Finding(
                    SendsAnything(use) ? "sends what only the running program knows" : use.Target.Namespace == "System.Dynamic" ? $"uses {use.Target.Name}" : "calls what only the running program knows", use.Span) with
                {
                    To = SendsAnything(use) ? Describe.Target(use.Target, use.Member) : null,
                    Kind = SendsAnything(use) ? EdgeKind.Call : null,
                };
            }
        }

        if (type.BaseType is { } ancestor && IsDynamic(ancestor))
        {
            yield return Finding.Of(type, null, module, $"derives from {ancestor.Name}");
        }
    }

    // The overloads that take any object, and take as answer whatever comes.
    private static bool SendsAnything(Use use) => use.MemberArguments.Count == 0 && IsSender(use.Target, use.Member);

    private static bool IsSender(TypeName type, string? called) => called is "Send" or "CreateStream" && type.FullName is "MediatR.ISender" or "MediatR.IMediator" or "MediatR.Mediator";

    private static bool IsDynamic(TypeName type) =>
        type.FullName.StartsWith("Microsoft.CSharp.RuntimeBinder.", StringComparison.Ordinal) || type.FullName is "System.Dynamic.ExpandoObject" or "System.Dynamic.DynamicObject";
}
