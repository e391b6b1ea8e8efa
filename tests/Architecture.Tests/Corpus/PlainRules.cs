using Carter;
using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;
using NetArchTest.Rules;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>Rules as teams write them with NetArchTest alone: for each module by hand, over the types of its assemblies.</summary>
internal static class PlainRules
{
    private static readonly string[] Modules = ["Lending", "Readers", "Shelves"];

    /// <summary>What the rules say of a compiled checkout: the rule and the type that it names, in order.</summary>
    public static IReadOnlyList<string> FindIn(string root)
    {
        var found = new List<string>();
        foreach (var module in Modules)
        {
            var others = Modules.Where(other => other != module).ToList();
            var slice = In(root, module, module);
            var contracts = In(root, module, module + ".Contracts");
            Say("no other module's namespaces", slice.ShouldNot().HaveDependencyOnAny([.. others.SelectMany(NamespacesOf)]));
            Say("Contracts without infrastructure", contracts.ShouldNot().HaveDependencyOnAny("Marten", "Carter", "FluentValidation", "Npgsql", "Microsoft.AspNetCore"));
            Say("Contracts without other modules", contracts.ShouldNot().HaveDependencyOnAny([.. others.Select(static other => "ModularMonolith." + other)]));
            Say("types of slices are not public", slice.Should().NotBePublic());
            Say("classes are sealed", slice.That().AreClasses().And().AreNotAbstract().Should().BeSealed());
            Say("handlers are named so", slice.That().ImplementInterface(typeof(IRequestHandler<,>)).Should().HaveNameEndingWith("Handler"));
            Say("validators are named so", slice.That().Inherit(typeof(AbstractValidator<>)).Should().HaveNameEndingWith("Validator"));
            Say("endpoints are named so", slice.That().ImplementInterface(typeof(ICarterModule)).Should().HaveNameEndingWith("Endpoint"));
            Say("types stand in their module's namespace", slice.Should().ResideInNamespaceStartingWith("ModularMonolith." + module));
            Say("events stand in Contracts", slice.ShouldNot().ImplementInterface(typeof(IIntegrationEvent)));
            Say("no clock but TimeProvider", slice.ShouldNot().HaveDependencyOn("System.DateTime"));
            Say("no service location", slice.ShouldNot().HaveDependencyOnAny("System.IServiceProvider", "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions"));
        }

        return [.. found.Distinct().Order(StringComparer.Ordinal)];

        void Say(string rule, ConditionList condition) => found.AddRange((condition.GetResult().FailingTypeNames ?? []).Select(type => $"{rule}: {type[(type.LastIndexOf('.') + 1)..]}"));
    }

    private static Types In(string root, string module, string project) => Types.FromFile(Path.Combine(root, "modules", module, project, "bin", "Debug", "net10.0", $"ModularMonolith.{project}.dll"));

    // A namespace stands for all that begin with it, so that the module's first one would forbid its Contracts too.
    private static string[] NamespacesOf(string module) => module switch
    {
        "Lending" => ["ModularMonolith.Lending.Loans"],
        "Readers" => ["ModularMonolith.Readers.Accounts"],
        _ => ["ModularMonolith.Shelves.Copies"],
    };
}
