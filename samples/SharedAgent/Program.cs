// The research agent of PerCallAgent after the fix: one MCP session for all messages.
//
//   dotnet run --project samples/SharedAgent           over Streamable HTTP
//   dotnet run --project samples/SharedAgent -- stdio  over stdio
//
// Both start the server (samples/ResearchServer) by themselves.

using SampleHost;
using SharedAgent;

using var model = new ScriptedModel();
return await ChatLoop.RunAsync(args, "SharedAgent", server => new ResearchAgent(model, server));
