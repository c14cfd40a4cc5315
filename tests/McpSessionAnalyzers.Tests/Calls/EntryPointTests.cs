using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Evidence 1: what frameworks call, and what stands beside it without being called per request.</summary>
public sealed class EntryPointTests
{
    public static TheoryData<Case> NotPerCall => Case.For(
        new("a NonAction method of a controller", """
            class ChatController : ControllerBase { [NonAction] public Task [|Warm|]() => Session.OpenAsync(); }
            """),
        new("a protected helper of a controller that nobody calls", """
            class ChatController : ControllerBase { protected Task [|Open|]() => Session.OpenAsync(); }
            """));

    [Theory, MemberData(nameof(NotPerCall))]
    public void IsNotPerCall(Case row) => Assert.False(CallProbe.At(row.Code).Context().IsPerCall);

    public static TheoryData<Case> PerCall => Case.For(
        new("a controller action", """
            class ChatController : ControllerBase { public async Task Ask(string question) { await [|Session.OpenAsync()|]; } }
            """),
        new("a minimal API lambda", """
            var app = WebApplication.Create();
            app.MapPost("/chat", async (string question) => { await [|Session.OpenAsync()|]; });
            """));

    [Theory, MemberData(nameof(PerCall))]
    public void IsFrameworkEntryPoint(Case row)
    {
        var context = CallProbe.At(row.Code).Context();
        Assert.Equal(CallFrequency.PerCall, context.Frequency);
        Assert.Equal(EvidenceStrength.FrameworkEntryPoint, context.Strength);
    }
}
