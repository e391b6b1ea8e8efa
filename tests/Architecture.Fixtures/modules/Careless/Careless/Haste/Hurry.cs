using System.Net.Http;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Careless.Contracts;
using ModularMonolith.Meddling;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Careless.Haste;

internal sealed record Hurry(string Text) : ICommand<Guid>;

internal sealed class HurryEndpoint(TimeProvider time) : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/now", () => time.GetUtcNow());
}

internal sealed class HurryHandler(IModuleSession<IMeddlingStore> session, NpgsqlDataSource source, HttpClient client) : IRequestHandler<Hurry, Guid>
{
    public static int Count;

    private static readonly List<string> Remembered = [];

    public async Task<Guid> Handle(Hurry request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Thread.Sleep(1);
        client.GetStringAsync("/").Wait(cancellationToken);
        Remembered.Add(client.GetStringAsync("/").Result);
        client.GetStringAsync("/").GetAwaiter().GetResult();
        session.Documents.QueueSqlCommand("update meddling.rumour set text = ?", DateTime.Now.ToString());
        await using var command = source.CreateCommand("insert into integration.message (name) values ('x')");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Count++ > DateTimeOffset.UtcNow.Second ? Guid.NewGuid() : Guid.CreateVersion7();
    }
}

internal sealed class HurryAgainHandler : IRequestHandler<Hurry, Guid>
{
    public Task<Guid> Handle(Hurry request, CancellationToken cancellationToken) => Task.FromResult(Guid.Empty);
}

internal sealed record Calm(string Text) : ICommand;

internal sealed class CalmHandler : IRequestHandler<Calm, Unit>
{
    public Task<Unit> Handle(Calm request, CancellationToken cancellationToken) => Task.FromResult(Unit.Value);
}

internal sealed record HurryStep(string Text) : ICommand;

internal sealed class HurryStepHandler : IRequestHandler<HurryStep, Unit>
{
    public Task<Unit> Handle(HurryStep request, CancellationToken cancellationToken) => Task.FromResult(Unit.Value);
}

public class Scattered
{
    internal sealed record Buried(string Text) : ICommand;

    internal sealed class BuriedValidator : AbstractValidator<Buried>
    {
        public BuriedValidator() => RuleFor(command => command.Text).NotEmpty();
    }
}
