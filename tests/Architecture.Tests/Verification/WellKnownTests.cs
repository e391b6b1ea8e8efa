using System.Reflection;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Architecture.VerificationTests;

public sealed class WellKnownTests
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(IModule).Assembly, typeof(IIntegrationEvent).Assembly, typeof(IBaseRequest).Assembly, typeof(IRequestHandler<>).Assembly, typeof(ICarterModule).Assembly, typeof(IDocumentStore).Assembly,
        typeof(IValidator).Assembly,
    ];

    public static TheoryData<string> Names => [.. typeof(WellKnown).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_rules_go_by_exists(string fullName) =>
        Assert.True(Assemblies.Any(assembly => assembly.GetType(fullName.Replace('/', '+')) is not null), $"There is no type {fullName} any more, and rules that go by it find nothing.");
}
