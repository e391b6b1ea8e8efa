using System.Text;

namespace ModularMonolith.VerifyBenchmark;

/// <summary>The sources of one generated module: use cases as people write them here, with SQL, requests to other modules, events and their handlers.</summary>
internal sealed class GeneratedModule(int number)
{
    public const int UseCases = 30;
    private const int Published = 4;
    private const int Reactions = 3;

    public string Name => NameOf(number);

    /// <summary>The modules whose Contracts it uses: those before it, so that there is no circle.</summary>
    public IReadOnlyList<int> Uses { get; } = [.. Enumerable.Range(1, Reactions).Select(back => number - back * back).Where(static other => other >= 0)];

    public static string NameOf(int number) => $"Area{number:000}";

    public string Project(bool isContracts)
    {
        var references = isContracts
            ? "    <ProjectReference Include=\"../../../src/Platform.Contracts/Platform.Contracts.csproj\" />\n"
            : $"    <ProjectReference Include=\"../../../src/Platform/Platform.csproj\" />\n    <ProjectReference Include=\"../{Name}.Contracts/{Name}.Contracts.csproj\" />\n"
                + string.Concat(Uses.Select(static other => $"    <ProjectReference Include=\"../../{NameOf(other)}/{NameOf(other)}.Contracts/{NameOf(other)}.Contracts.csproj\" />\n"));
        var packages = isContracts ? string.Empty : "    <FrameworkReference Include=\"Microsoft.AspNetCore.App\" />\n" + string.Concat(new[] { "Carter", "FluentValidation", "Marten", "MediatR" }.Select(static id => $"    <PackageReference Include=\"{id}\" />\n"));
        return $"<Project Sdk=\"Microsoft.NET.Sdk\">\n  <ItemGroup>\n{packages}{references}  </ItemGroup>\n</Project>\n";
    }

    /// <summary>The files of the Contracts, by their paths in the project.</summary>
    public IEnumerable<(string Path, string Text)> Contracts()
    {
        for (var i = 0; i < Published; i++)
        {
            yield return ($"Thing{i}Changed.cs", $$"""
                using ModularMonolith.Platform.Contracts;

                namespace ModularMonolith.{{Name}}.Contracts;

                /// <summary>A thing changed.</summary>
                /// <param name="Id">The thing.</param>
                [EventName("{{Name.ToLowerInvariant()}}.thing{{i}}-changed")]
                public sealed record Thing{{i}}Changed(Guid Id) : IIntegrationEvent
                {
                    string IIntegrationEvent.Key => Id.ToString();
                }

                """);
            yield return ($"GetThing{i}.cs", $$"""
                using ModularMonolith.Platform.Contracts;

                namespace ModularMonolith.{{Name}}.Contracts;

                /// <summary>Asks for a thing.</summary>
                /// <param name="Id">The thing.</param>
                public sealed record GetThing{{i}}(Guid Id) : IQuery<Thing{{i}}View>;

                /// <summary>A thing.</summary>
                /// <param name="Id">The thing.</param>
                /// <param name="Amount">How much of it.</param>
                public sealed record Thing{{i}}View(Guid Id, int Amount);

                """);
        }
    }

    /// <summary>The files of the slice.</summary>
    public IEnumerable<(string Path, string Text)> Slice()
    {
        yield return ($"{Name}Module.cs", Manifest());
        for (var i = 0; i < UseCases; i++)
        {
            yield return ($"Things/ChangeThing{i}.cs", UseCase(i, 1));
        }

        for (var i = 0; i < Published; i++)
        {
            yield return ($"Things/GetThing{i}.cs", Answer(i));
        }

        for (var i = 0; i < Uses.Count; i++)
        {
            yield return ($"Things/WhenThing{i}Changed.cs", Reaction(i));
        }
    }

    /// <summary>A use case of about 100 lines and six types.</summary>
    /// <param name="i">Its number.</param>
    /// <param name="version">Another one changes the code a little.</param>
    public string UseCase(int i, int version)
    {
        var text = new StringBuilder($$"""
            using Carter;
            using FluentValidation;
            using Marten;
            using MediatR;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.AspNetCore.Http;
            using Microsoft.AspNetCore.Routing;
            using ModularMonolith.{{Name}}.Contracts;
            using ModularMonolith.Platform.Contracts;
            using ModularMonolith.Platform.Data;
            using ModularMonolith.Platform.Security;

            namespace ModularMonolith.{{Name}}.Things;

            internal sealed record ChangeThing{{i}}(Guid Id, int Amount, string Note) : ICommand<Thing{{i}}State>;

            internal sealed record Thing{{i}}State(Guid Id, int Amount, string Note, DateTimeOffset At);

            internal sealed class ChangeThing{{i}}Validator : AbstractValidator<ChangeThing{{i}}>
            {
                public ChangeThing{{i}}Validator()
                {
                    RuleFor(static command => command.Amount).InclusiveBetween(1, {{1000 + version}});
                    RuleFor(static command => command.Note).MaximumLength(200);
                }
            }

            internal sealed class ChangeThing{{i}}Endpoint : ICarterModule
            {
                public void AddRoutes(IEndpointRouteBuilder app) => app
                    .MapPost("/{{Name.ToLowerInvariant()}}/things{{i}}/{id:guid}", static async (Guid id, ChangeThing{{i}} command, ISender sender, CancellationToken cancellationToken) =>
                        Results.Ok(await sender.Send(command with { Id = id }, cancellationToken)))
                    .RequirePermission("{{Name.ToLowerInvariant()}}:manage")
                    .WithName("{{Name}}ChangeThing{{i}}");
            }

            internal sealed class Thing{{i}}
            {
                private readonly List<Thing{{i}}State> _states = [];

                public Guid Id { get; init; }

                public int Amount { get; private set; }

                public void Apply(Thing{{i}}State state)
                {
                    if (_states.Exists(found => found.At == state.At && found.Amount == state.Amount))
                    {
                        return;
                    }

                    _states.Add(state);
                    Amount = _states.Where(static found => found.Amount > 0).Sum(static found => found.Amount);
                }

                public string Describe() => $"{Id}: {Amount} in {_states.Count} steps, last at {_states.LastOrDefault()?.At:O}";
            }

            internal sealed class ChangeThing{{i}}Handler(IModuleSession<I{{Name}}Store> session, ISender sender, TimeProvider time) : IRequestHandler<ChangeThing{{i}}, Thing{{i}}State>
            {
                private const string Sql = "select count(*)::int from mt_doc_thing{{i}} as thing where thing.data ->> 'note' = ? and thing.id <> ?";

                public async Task<Thing{{i}}State> Handle(ChangeThing{{i}} request, CancellationToken cancellationToken)
                {
                    var counts = await session.Documents.QueryAsync<int>(Sql, cancellationToken, request.Note, request.Id);
                    var thing = await session.Documents.LoadAsync<Thing{{i}}>(request.Id, cancellationToken) ?? new Thing{{i}} { Id = request.Id };
                    var state = new Thing{{i}}State(request.Id, request.Amount + counts.Sum(), request.Note.Trim(), time.GetUtcNow());

            """);
        foreach (var (other, n) in Uses.Select(static (other, n) => (other, n)))
        {
            text.Append($$"""
                        var answer{{n}} = await sender.Send(new ModularMonolith.{{NameOf(other)}}.Contracts.GetThing{{i % Published}}(request.Id), cancellationToken);
                        state = state with { Amount = state.Amount + Math.Clamp(answer{{n}}.Amount, 0, {{100 + n}}) };

                """);
        }

        return text.Append($$"""
                    thing.Apply(state);
                    foreach (var word in thing.Describe().Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(10))
                    {
                        state = word.Length > state.Note.Length ? state with { Note = word } : state;
                    }

                    session.Documents.Store(thing);
                    session.Publish(new Thing{{i % Published}}Changed(thing.Id));
                    return state;
                }
            }

            """).ToString();
    }

    private string Manifest() => $$"""
        using Marten;
        using Microsoft.Extensions.DependencyInjection;
        using ModularMonolith.{{Name}}.Things;
        using ModularMonolith.Platform.Modules;
        using ModularMonolith.Platform.Security;

        namespace ModularMonolith.{{Name}};

        internal interface I{{Name}}Store : IDocumentStore;

        [Module("{{Name.ToLowerInvariant()}}", Owner = "team-{{number % 12}}", Purpose = "Things of kind {{number}}.", DependsOn = [{{string.Join(", ", Uses.Select(static other => $"\"{NameOf(other).ToLowerInvariant()}\""))}}])]
        [Permission("{{Name.ToLowerInvariant()}}:manage", "Change things.")]
        internal sealed class {{Name}}Module : IModule
        {
            public void Configure(ModuleBuilder module) => module.UseStore<I{{Name}}Store>(static options =>
            {
        {{string.Concat(Enumerable.Range(0, UseCases).Select(static i => $"        options.Schema.For<Thing{i}>().DocumentAlias(\"thing{i}\");\n"))}}
            });
        }

        """;

    private string Answer(int i) => $$"""
        using MediatR;
        using ModularMonolith.{{Name}}.Contracts;
        using ModularMonolith.Platform.Data;

        namespace ModularMonolith.{{Name}}.Things;

        internal sealed class GetThing{{i}}Handler(IModuleSession<I{{Name}}Store> session) : IRequestHandler<GetThing{{i}}, Thing{{i}}View>
        {
            public async Task<Thing{{i}}View> Handle(GetThing{{i}} request, CancellationToken cancellationToken) =>
                new(request.Id, (await session.Documents.LoadAsync<Thing{{i}}>(request.Id, cancellationToken))?.Amount ?? 0);
        }

        """;

    private string Reaction(int i) => $$"""
        using ModularMonolith.Platform.Data;
        using ModularMonolith.Platform.IntegrationLog;
        using ModularMonolith.{{NameOf(Uses[i])}}.Contracts;

        namespace ModularMonolith.{{Name}}.Things;

        /// <summary>Forgets what changed elsewhere.</summary>
        [Subscription("forget-things-{{i}}")]
        internal sealed class WhenThing{{i}}Changed(IModuleSession<I{{Name}}Store> session) : IHandle<Thing{{i}}Changed>
        {
            public Task HandleAsync(Thing{{i}}Changed integrationEvent, EventContext context, CancellationToken cancellationToken)
            {
                session.Documents.Delete<Thing{{i}}>(integrationEvent.Id);
                return Task.CompletedTask;
            }
        }

        """;
}
