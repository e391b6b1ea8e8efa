using System.Net.Sockets;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>A client that repeats a request until it is answered, as clients of a shop do whose host may die at any moment.</summary>
internal sealed class Persistent(Func<Task> whenUp)
{
    private const int Attempts = 240;

    /// <summary>Between two attempts, so that a host that is busy is not kept busy.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How many requests had to be sent more than once.</summary>
    public int Repeated => _repeated;

    private int _repeated;

    /// <summary>Sends the same request until there is an answer that is not a fault of the server.</summary>
    public async Task<Answer> AskAsync(Func<Task<Answer>> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await send();
                if (answer.Code < 500 || attempt >= Attempts)
                {
                    return answer;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException or SocketException && attempt < Attempts)
            {
                Interlocked.Increment(ref _repeated);
            }

            await whenUp();
            await Task.Delay(Pause);
        }
    }
}
