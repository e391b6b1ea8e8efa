using System.IO;
using System.Net.Http;
using System.Reflection;
using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Meddling;
using ModularMonolith.Meddling.Contracts;

namespace ModularMonolith.Careless.Haste;

internal sealed class Sneaky(IServiceProvider services, IMeddlingStore store, IGossip gossip, HttpClient http)
{
    public Calm? Found() => services.GetService<Calm>();

    public object Store => store;

    public Rumour Newest() => gossip.Newest();

    public Task<string> AskAsync(CancellationToken cancellationToken) => http.GetStringAsync("http://localhost:5080/api/meddling/rumours", cancellationToken);

    public static Type? ByName() => Type.GetType("ModularMonolith.Meddling.MeddlingModule, ModularMonolith.Meddling");

    public static string NameOf(object anything)
    {
        dynamic known = anything;
        return known.Name;
    }

    public static async void Forget(Task work) => await work;

    public static object? Cached() => AppContext.GetData("meddling:rumour");

    public static string Left() => File.ReadAllText("/var/tmp/meddling.json");

    public static bool IsRumour(string name) => name == "meddling.rumour-spread";

    public static Task<Unit> Rush(CalmHandler handler, CancellationToken cancellationToken) => handler.Handle(new Calm("now"), cancellationToken);

    public static string? Taken(IConfiguration configuration) => configuration["meddling:Rumour"];

    public static FieldInfo? Hidden(object anything) => anything.GetType().GetField("rumours", BindingFlags.NonPublic | BindingFlags.Instance);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Text>k__BackingField")]
    private static extern ref string TextOf(Rumour rumour);
}

internal sealed record Whisper(string Text) : INotification;
