using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.MediatR.Contracts.Tests;

public sealed class MediatorTests
{
    [Fact]
    public void The_edition_has_the_identity_that_MediatR_was_compiled_against()
    {
        var expected = typeof(IMediator).Assembly.GetReferencedAssemblies().Single(name => name.Name == "MediatR.Contracts");

        var actual = typeof(IBaseRequest).Assembly.GetName();

        Assert.Equal(expected.FullName, actual.FullName);
    }

    [Fact]
    public async Task A_request_is_answered_through_an_open_behaviour()
    {
        await using var provider = Services();

        var answer = await provider.GetRequiredService<IMediator>().Send(new Double(21));

        Assert.Equal(42, answer);
        Assert.Equal(["before Double", "handle Double", "after Double"], provider.GetRequiredService<Journal>().Lines);
    }

    [Fact]
    public async Task A_request_without_an_answer_passes_the_same_behaviour_as_a_unit()
    {
        await using var provider = Services();

        await provider.GetRequiredService<IMediator>().Send(new Forget());

        Assert.Equal(["before Forget", "handle Forget", "after Forget"], provider.GetRequiredService<Journal>().Lines);
    }

    [Fact]
    public async Task A_request_known_only_at_run_time_is_answered()
    {
        await using var provider = Services();
        var mediator = provider.GetRequiredService<IMediator>();

        Assert.Equal(8, await mediator.Send((object)new Double(4)));
        Assert.Equal(Unit.Value, await mediator.Send((object)new Forget()));
    }

    [Fact]
    public async Task A_notification_reaches_every_handler()
    {
        await using var provider = Services();

        await provider.GetRequiredService<IMediator>().Publish(new Happened("x"));

        Assert.Equal(["first x", "second x"], provider.GetRequiredService<Journal>().Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stream_request_is_answered_element_by_element()
    {
        await using var provider = Services();
        var numbers = new List<int>();

        await foreach (var number in provider.GetRequiredService<IMediator>().CreateStream(new CountTo(3)))
        {
            numbers.Add(number);
        }

        Assert.Equal([1, 2, 3], numbers);
    }

    private static ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<Journal>()
        .AddMediatR(configuration => configuration
            .RegisterServicesFromAssemblyContaining<MediatorTests>()
            .AddOpenBehavior(typeof(JournalBehavior<,>)))
        .BuildServiceProvider();

    internal sealed class Journal
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public void Add(string line) => _lines.Add(line);
    }

    internal sealed record Double(int Number) : IRequest<int>;

    internal sealed class DoubleHandler(Journal journal) : IRequestHandler<Double, int>
    {
        public Task<int> Handle(Double request, CancellationToken cancellationToken)
        {
            journal.Add("handle Double");
            return Task.FromResult(request.Number * 2);
        }
    }

    internal sealed record Forget : IRequest;

    internal sealed class ForgetHandler(Journal journal) : IRequestHandler<Forget>
    {
        public Task Handle(Forget request, CancellationToken cancellationToken)
        {
            journal.Add("handle Forget");
            return Task.CompletedTask;
        }
    }

    internal sealed record Happened(string What) : INotification;

    internal sealed class FirstHandler(Journal journal) : INotificationHandler<Happened>
    {
        public Task Handle(Happened notification, CancellationToken cancellationToken)
        {
            journal.Add($"first {notification.What}");
            return Task.CompletedTask;
        }
    }

    internal sealed class SecondHandler(Journal journal) : INotificationHandler<Happened>
    {
        public Task Handle(Happened notification, CancellationToken cancellationToken)
        {
            journal.Add($"second {notification.What}");
            return Task.CompletedTask;
        }
    }

    internal sealed record CountTo(int Last) : IStreamRequest<int>;

    internal sealed class CountToHandler : IStreamRequestHandler<CountTo, int>
    {
        public async IAsyncEnumerable<int> Handle(CountTo request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var number = 1; number <= request.Last; number++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return number;
            }
        }
    }

    internal sealed class JournalBehavior<TRequest, TResponse>(Journal journal) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : notnull
    {
        public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
        {
            journal.Add($"before {typeof(TRequest).Name}");
            var response = await next();
            journal.Add($"after {typeof(TRequest).Name}");
            return response;
        }
    }
}
